import type { Month } from "../../../domain/months/month.ts";
import { earliestDate } from "../../../domain/months/month_fit.ts";
import type { PartialDate } from "../../../domain/months/partial_date.ts";
import type { Entity } from "../../wikidata/wikidata_entities.ts";
import { ENGLISH_ITEMS, languageOfItem } from "../../wikidata/wikidata_language.ts";
import { isOtherThanBook } from "./wikidata_book_classes.ts";
import type { MonthFind } from "./wikidata_month_query.ts";

/** Names beyond these add nothing to finding a book. */
const MAX_AUTHORS = 5;

/** A book that counts for the month unless an edition from before it is known. */
export interface MonthBook {
  readonly id: string;
  readonly title: string;
  readonly author_ids: readonly string[];
  /** Names of authors that have no item, and by item the names under which they stand on the book. */
  readonly author_names: readonly string[];
  readonly credited_names: ReadonlyMap<string, string>;
  /** The earlier editions that would rule it out; null when its own date settles it. */
  readonly ruled_out_by: "any_edition" | "english_edition" | null;
}

/**
 * The book an item found for a month stands for; null when it is none of that month. It counts when
 * the work first appeared then, by its own date or by that of an edition in its language, or when an
 * edition in English did of a work in another language. Null too without a title or an author.
 */
export function monthBook(
  find: MonthFind,
  { entities, month }: { entities: ReadonlyMap<string, Entity>; month: Month },
): MonthBook | null {
  const work = entities.get(find.id);
  if (work === undefined || isOtherThanBook(work.class_ids)) return null;
  const editions = find.edition_ids.flatMap((id) => entities.get(id) ?? [])
    .filter(({ class_ids, published }) => !isOtherThanBook(class_ids) && isIn(month, published));
  const originals = editions.filter((edition) => mayBeOriginal(edition, work));
  const first = earliestDate([work.published, ...originals.map(({ published }) => published)]);
  if (isIn(month, first)) {
    const isSettled = isIn(month, work.published);
    return toBook([work, ...originals], { id: find.id, by: isSettled ? null : "any_edition" });
  }
  const english = editions.find(isEnglish);
  if (english === undefined || work.language_ids.length === 0 || isEnglish(work)) return null;
  return toBook([english, work], { id: find.id, by: "english_edition" });
}

function isIn({ year, month }: Month, date: PartialDate | null): boolean {
  return date !== null && date.year === year && date.month === month;
}

function isEnglish({ language_ids }: Entity): boolean {
  return language_ids.some((id) => ENGLISH_ITEMS.includes(id));
}

/** A translation says nothing of when the work first appeared. */
function mayBeOriginal(edition: Entity, work: Entity): boolean {
  const known = edition.language_ids.map(sameLanguage);
  const wanted = work.language_ids.map(sameLanguage);
  return known.length === 0 || wanted.length === 0 || known.some((id) => wanted.includes(id));
}

/** Varieties of a language are one language. */
function sameLanguage(id: string): string {
  return languageOfItem(id) ?? id;
}

/** Title and authors come from the first of the items that has them. */
function toBook(
  items: readonly Entity[],
  { id, by }: { id: string; by: MonthBook["ruled_out_by"] },
): MonthBook | null {
  const title = items.map(titleOf).find((found) => found !== null);
  const credited = items.find(({ author_ids, author_names }) =>
    author_ids.length + author_names.length > 0
  );
  if (title === undefined || title === null || credited === undefined) return null;
  const { author_ids, author_names, credited_names } = credited;
  return {
    id,
    title,
    author_ids: author_ids.slice(0, MAX_AUTHORS),
    author_names: author_names.slice(0, MAX_AUTHORS),
    credited_names,
    ruled_out_by: by,
  };
}

/** The title in English where there is one, else the one for all languages, else the original. */
function titleOf({ labels, titles, language }: Entity): string | null {
  return labels.get("en") ?? titles.find((title) => title.language === "en")?.text ??
    labels.get("mul") ?? titles[0]?.text ?? labels.get(language ?? "") ?? null;
}

const LATIN = /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u;

/**
 * The authors as catalogues in English would know them, joined by semicolons: the name on the book
 * before the person's, since a pseudonym is what is printed. Empty when no name is known.
 */
export function authorOf(book: MonthBook, people: ReadonlyMap<string, string>): string {
  const persons = book.author_ids.flatMap((id) => {
    const credited = book.credited_names.get(id);
    const isReadable = credited !== undefined && LATIN.test(credited);
    return (isReadable ? credited : people.get(id) ?? credited) ?? [];
  });
  return [...new Set([...persons, ...book.author_names])].slice(0, MAX_AUTHORS).join("; ");
}

/** A person's name: in English, for all languages, else in Latin letters, else any. */
export function personName({ labels }: Entity): string | null {
  const others = [...labels.values()];
  return labels.get("en") ?? labels.get("mul") ?? others.find((name) => LATIN.test(name)) ??
    others[0] ?? null;
}

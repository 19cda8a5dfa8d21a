import { z } from "zod";
import { compareAuthors } from "../../../domain/names/author_score.ts";
import { boundedLine, MAX_TITLE_LENGTH } from "../../../domain/text/bounded_line.ts";
import { parseTitle } from "../../../domain/titles/parse_title.ts";
import { parsePartialDate } from "../../../domain/months/partial_date.ts";
import type {
  Binding,
  EditionCandidate,
  WorkCandidate,
} from "../../../domain/matching/resolver.ts";
import { SAME_TITLE } from "../../../domain/titles/title_match.ts";
import { compareTitles } from "../../../domain/titles/title_score.ts";
import { type ItemIsbn, ownIsbns } from "./archive_org_isbns.ts";
import { toBinding } from "../binding.ts";
import { toLanguageCode } from "../language_code.ts";
import { looseCount, looseText, looseTexts, recordList, requiredText } from "../loose_fields.ts";

/** Items asked for: many scans of one book are usual, so the right edition may stand far down. */
export const MAX_ROWS = 50;

/** What a search is asked for. */
export const ITEM_FIELDS = [
  "identifier",
  "title",
  "volume",
  "creator",
  "isbn",
  "related-external-id",
  "openlibrary_edition",
  "date",
  "publisher",
  "language",
  "downloads",
] as const;

const itemSchema = z.object({
  identifier: requiredText,
  title: looseTexts,
  volume: looseText,
  creator: looseTexts,
  isbn: looseTexts,
  "related-external-id": looseTexts,
  openlibrary_edition: looseText,
  date: looseTexts,
  publisher: looseText,
  language: looseTexts,
  downloads: looseCount,
});

/** A search answer; a body without `response.docs` is not one, and parsing fails. */
export const itemsSchema = z.object({
  response: z.object({ docs: recordList(itemSchema, MAX_ROWS) }),
}).transform(({ response }) => response.docs);

type Item = z.infer<typeof itemSchema>;

/** Many scans of one edition stand side by side; of each edition the first is kept. */
export function toWorks(items: readonly Item[]): readonly WorkCandidate[] {
  const works = new Map<string, WorkCandidate>();
  for (const item of items) {
    const work = toWork(item);
    if (work === null) continue;
    const isbns = work.editions.flatMap(({ isbn13 }) => isbn13 ?? []);
    const scanned = isbns.length === 0 ? item.identifier : `${isbns} ${work.title}`;
    const key = JSON.stringify([item.openlibrary_edition, scanned]);
    if (!works.has(key)) works.set(key, work);
  }
  return [...works.values()];
}

/** An item, which is one scanned copy, as a work of its own; null without a title. */
function toWork(item: Item): WorkCandidate | null {
  const [written, ...others] = item.title.map((title) => boundedLine(title, MAX_TITLE_LENGTH));
  if (written === undefined) return null;
  const { title, subtitle, binding, isSeveral } = readTitle(written, item);
  const description: Omit<EditionCandidate, "isbn13" | "binding"> = {
    title,
    subtitle,
    published: item.date.length === 1 ? parsePartialDate(item.date[0]) : null,
    language: soleLanguage(item.language),
    publisher: publisherName(item.publisher),
    pages: null,
  };
  const isOneBook = !isSeveral && others.every((other) => isSameTitle(written, other));
  const isbns: readonly ItemIsbn[] = isOneBook ? isbnsOf(item) : [];
  return {
    provider: "archive_org",
    provider_key: item.identifier,
    title,
    subtitle,
    authors: item.creator,
    first_published: null,
    popularity: item.downloads,
    editions: isbns.length === 0
      ? [{ ...description, isbn13: null, binding }]
      : isbns.map((isbn) => ({ ...description, ...isbn, binding: binding ?? isbn.binding })),
  };
}

/** Related identifiers may be those of sister editions, so they only count where there are no own. */
function isbnsOf(item: Item): readonly ItemIsbn[] {
  if (item.isbn.length > 0) return ownIsbns(item.isbn);
  const related = item["related-external-id"].filter((id) => /^urn:isbn:/i.test(id));
  return ownIsbns(related);
}

/** An item that bears the titles of two books is both of them, and its ISBN that of the two. */
function isSameTitle(a: string, b: string): boolean {
  const match = compareTitles(parseTitle(a), parseTitle(b));
  return match.score >= SAME_TITLE && match.agreement !== "conflict";
}

interface ReadTitle {
  readonly title: string;
  readonly subtitle: string | null;
  /** From a designation such as "[sound recording]". */
  readonly binding: Binding | null;
  /** Whether the title lists several books. */
  readonly isSeveral: boolean;
}

const DESIGNATION =
  /\s*\[(?:text|electronic resource|sound recording|videorecording|large print|microform|braille)[^\]]*\]/i;

/**
 * A title in library punctuation (ISBD): "Title [medium] : subtitle / who wrote it", " ; " between the
 * titles of books bound together.
 */
function readTitle(written: string, { creator, volume }: Item): ReadTitle {
  const designation = DESIGNATION.exec(written)?.[0] ?? null;
  const bare = withoutCredit(written.replace(DESIGNATION, ""), creator);
  const [main = bare, ...rest] = bare.split(/\s+:\s+/).map((part) =>
    part.replace(/\s*[/:;,=]\s*$/, "").trim()
  );
  const subtitle = rest.filter((part) => part !== "").join(": ");
  return {
    title: withVolume(main === "" ? written : main, volume),
    subtitle: subtitle === "" ? null : subtitle,
    binding: toBinding(designation),
    isSeveral: /\s;\s+(?!or\b)/i.test(bare),
  };
}

/**
 * Cuts what follows the last slash if it names the creators: "Either / or" keeps its second half, and so
 * do the titles of two books in one.
 */
function withoutCredit(title: string, creators: readonly string[]): string {
  const slash = [...title.matchAll(/\s+\/\s+/g)].at(-1);
  if (slash === undefined) return title;
  const credit = title.slice(slash.index + slash[0].length);
  const isCredit = /^(?:by|edited|translated|\[)/i.test(credit) ||
    compareAuthors(credit, creators).verdict === "same";
  return isCredit ? title.slice(0, slash.index) : title;
}

/** The volume is often told only in a field of its own, and each volume has its own ISBN. */
function withVolume(title: string, volume: string | null): string {
  const number = /^\D{0,6}(\d{1,3})\D*$/.exec(volume ?? "")?.[1];
  if (number === undefined || new RegExp(`(?<!\\d)0*${Number(number)}(?!\\d)`).test(title)) {
    return title;
  }
  return `${title}, Vol. ${Number(number)}`;
}

const MAX_PUBLISHER_LENGTH = 200;

/** Blanks and stops at the end, looked for from their first one. */
const ENDING = /(?<![\s,.;])[\s,.;]+$/;

/** "London : Harrow & Pike, 2004." is place, name and year. */
function publisherName(text: string | null): string | null {
  const line = text === null ? "" : boundedLine(text, MAX_PUBLISHER_LENGTH);
  const name = line.split(" : ").at(-1)?.replace(ENDING, "").replace(/c?\d{4}$/, "");
  return name === undefined ? null : name.replace(ENDING, "") || null;
}

function soleLanguage(languages: readonly string[]): string | null {
  const [first, ...others] = new Set(languages.map(toLanguageCode));
  return first === undefined || others.length > 0 ? null : first;
}

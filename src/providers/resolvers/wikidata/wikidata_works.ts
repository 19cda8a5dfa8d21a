import type { EditionCandidate, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { hasTitle, type SearchTerms } from "../search_terms.ts";
import type { Entity } from "../../wikidata/wikidata_entities.ts";

/** What is known of a book's items when candidates are made of them. */
export interface KnownItems {
  /** Items whose name is like the title asked for. */
  readonly alike: readonly Entity[];
  /** Editions of these, by id. */
  readonly editions: ReadonlyMap<string, Entity>;
  /** Names of authors, by id. */
  readonly authors: ReadonlyMap<string, string>;
  readonly terms: SearchTerms;
  /** ISO 639-1 code of the edition wanted. */
  readonly language: string;
}

/**
 * One candidate for each work, with the ISBNs of the work's own item and of its editions' items; an
 * edition whose work is not among the items stands for itself.
 */
export function toWorks(known: KnownItems): readonly WorkCandidate[] {
  const { alike } = known;
  const ids = new Set(alike.map(({ id }) => id));
  const heads = alike.filter(({ work_ids }) => !work_ids.some((id) => ids.has(id)));
  return heads.map((head) => toWork(head, known));
}

function toWork(head: Entity, known: KnownItems): WorkCandidate {
  const { alike, authors, editions } = known;
  const children = new Map([
    ...alike.filter(({ work_ids }) => work_ids.includes(head.id)).map(withId),
    ...head.edition_ids.flatMap((id) => editions.get(id) ?? []).map(withId),
  ]);
  children.delete(head.id);
  const isEdition = head.work_ids.length > 0;
  return {
    provider: "wikidata",
    provider_key: head.id,
    title: nameAsAsked(head, known),
    subtitle: null,
    authors: [
      ...new Set([
        ...head.author_ids.flatMap((id) => authors.get(id) ?? []),
        ...head.author_names,
      ]),
    ],
    first_published: isEdition ? null : head.published,
    popularity: null,
    editions: [
      ...toEditions(head, nameAsAsked(head, known)),
      ...[...children.values()].flatMap((child) => toEditions(child, printedTitle(child, known))),
    ],
  };
}

function withId(entity: Entity): readonly [string, Entity] {
  return [entity.id, entity];
}

/** Several ISBNs on one item are those of several editions, of which the statements describe one. */
function toEditions(entity: Entity, title: string): readonly EditionCandidate[] {
  const isSole = entity.isbns.length === 1;
  return entity.isbns.map((isbn13) => ({
    isbn13,
    title,
    subtitle: null,
    published: isSole ? entity.published : null,
    language: isSole ? entity.language : null,
    binding: null,
    publisher: null,
    pages: isSole ? entity.pages : null,
  }));
}

/** The name under which it was found, the label before titles and aliases. */
function nameAsAsked(entity: Entity, { terms, language }: KnownItems): string {
  const label = labelOf(entity, language);
  const names = label === null ? entity.names : [label, ...entity.names];
  const alike = names.find((name) => hasTitle({ title: name, subtitle: null }, terms));
  return alike ?? names[0] ?? entity.id;
}

function printedTitle(entity: Entity, { language }: KnownItems): string {
  return entity.titles[0]?.text ?? labelOf(entity, language) ?? entity.names[0] ?? entity.id;
}

/** The label in a language, in English, or the one for all languages; null without any. */
export function labelOf({ labels }: Entity, language: string): string | null {
  return labels.get(language) ?? labels.get("en") ?? labels.get("mul") ??
    [...labels.values()][0] ?? null;
}

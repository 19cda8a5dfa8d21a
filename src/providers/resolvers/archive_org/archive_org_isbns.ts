import { toIsbn13 } from "../../../domain/isbns/isbn.ts";
import type { Binding } from "../../../domain/matching/resolver.ts";
import { toBinding } from "../binding.ts";

/** An ISBN of an item with the form its qualifier names, as in "1402894635 (pbk.)". */
export interface ItemIsbn {
  readonly isbn13: string;
  readonly binding: Binding | null;
}

/** Longer than the line of any item, which holds a few ISBNs and what they are of. */
const MAX_LINE_LENGTH = 300;

/** Ten or thirteen digits with or without hyphens or single spaces, not inside a longer number. */
const WRITTEN_ISBN = /(?<![\dXx-])(?:97[89][\s-]?)?(?:\d[\s-]?){9}[\dXx](?![\dXx])/g;

/** What librarians write beside the ISBN of a volume or of a set: "(v. 2)", "(set)", "(book 1)". */
const PART_OF_SET =
  /\bset\b|\b(?:v|vols?|volumes?|bd|band|tome|t|pts?|parts?)\b|\b(?:bks?|books?|no)\b\.?\s*\d/i;

/** Says what the pages are made of, not how they are bound. */
const KIND_OF_PAPER = /\b(?:alk|alkaline|acid[- ]free|perm|permanent|recycled)\b\.?\s*paper/i;

const BRACKET = /[([]([^)\]]*)[)\]]/;

/**
 * The ISBNs that are surely those of the item's own book. Catalogues list both forms of one number,
 * with hyphens, blanks and qualifiers; but also the numbers of a whole set, or of other books the
 * scan was matched with, and then nothing says which one is this book's. So a single number (in either
 * form) is kept, and several only where each is said to be another binding of the book.
 */
export function ownIsbns(written: readonly string[]): readonly ItemIsbn[] {
  const texts = written.map((text) => text.slice(0, MAX_LINE_LENGTH));
  if (texts.some((text) => PART_OF_SET.test(text.replace(WRITTEN_ISBN, " ")))) return [];
  const bindings = new Map<string, Binding | null>();
  for (const { isbn13, binding } of texts.flatMap(readIsbns)) {
    // Often only one of the two forms of a number is qualified.
    bindings.set(isbn13, bindings.get(isbn13) ?? binding);
  }
  const isbns = [...bindings].map(([isbn13, binding]) => ({ isbn13, binding }));
  if (isbns.length <= 1) return isbns;
  return isbns.filter(({ binding }) => binding !== null && binding !== "other");
}

/** Every valid ISBN in a text, each with what the bracket between it and the next one says. */
function readIsbns(text: string): readonly ItemIsbn[] {
  const matches = [...text.matchAll(WRITTEN_ISBN)];
  return matches.flatMap((match, index) => {
    const isbn13 = toIsbn13(match[0]);
    if (isbn13 === null) return [];
    const behind = text.slice(match.index + match[0].length, matches[index + 1]?.index);
    const qualifier = BRACKET.exec(behind)?.[1]?.replace(KIND_OF_PAPER, "") ?? null;
    return [{ isbn13, binding: toBinding(qualifier) }];
  });
}

import { boundedKey } from "../text/bounded_key.ts";
import { boundedLine, MAX_CREDIT_LENGTH } from "../text/bounded_line.ts";
import { foldText, foldWords } from "../text/fold_text.ts";
import { romanValue } from "../text/number_words.ts";

/** One person, folded. Either list may hold initials; `given` is empty when only a surname is known. */
export interface PersonName {
  readonly given: readonly string[];
  /** The surname with its particles ("le guin"), or everything behind the comma's left side. */
  readonly family: readonly string[];
}

/** Names that say nobody in particular: as good as no author. */
const NOBODY = new Set(
  ["", "unknown", "anonymous", "anon", "various", "various authors", "n a", "na", "none", "author"]
    .concat(["not available", "unknown author", "multiple authors", "et al", "tk", "tba"]),
);

const SUFFIXES = new Set(
  "jr sr ii iii iv phd md esq dds mba obe cbe mbe kbe dbe ch om kt rn frs frsl dphil".split(" "),
);
const HONORIFICS = new Set(
  "dr prof professor sir dame rev reverend mr mrs ms lord lady".split(" "),
);

const PARTICLES = new Set(
  ("de del della dello di da das do dos du la le el al van von der den ten ter op st saint bin ibn " +
    "abu zu zum zur af av mc mac").split(" "),
);

const ROLES = new RegExp(
  "\\b(?:(?:authors?|editors?|edited|illustrators?|illustrated|translators?|translated|narrators?|narrated|" +
    "introduction|foreword|afterword|contributors?|photographer|creator|compiler|pseud(?:onym)?|" +
    // "Ed McBain" is no editor.
    "with an? \\w+)\\b\\.?|(?:eds?|trans|illus|ill)(?:\\.|(?=\\s*(?:[),;]|$))))",
  "giu",
);

function isInitials(word: string): boolean {
  return /^\p{Lu}{2,3}$/u.test(word);
}

/** "JRR Tolkien" → "J R R Tolkien": capitals in a row before a normally written surname. */
function spreadInitials(name: string): string {
  const words = name.split(/\s+/);
  const hasLowerCase = words.some((word) => /\p{Ll}/u.test(word));
  return words.map((word, index) =>
    hasLowerCase && isInitials(word) && (index < words.length - 1 || name.includes(","))
      ? [...word].join(" ")
      : word
  ).join(" ");
}

/** Whether a word as typed is a "Jr." or a "PhD", and no part of the name. */
export function isNameSuffix(word: string): boolean {
  return SUFFIXES.has(word.toLowerCase().replace(/\.$/, ""));
}

function withoutSuffixes(words: readonly string[]): string[] {
  // An order after a name is none of it: "Dalai Lama XIV".
  const kept = words.filter((word, index) =>
    index === 0 || !SUFFIXES.has(word) && romanValue(word) === null
  );
  return kept.length > 1 && HONORIFICS.has(kept[0]!) ? kept.slice(1) : kept;
}

/** Whether a folded word may stand in front of a surname and be part of it: the "le" of "Le Guin". */
export function isParticle(word: string): boolean {
  return PARTICLES.has(word);
}

function personInOrder(words: readonly string[]): PersonName {
  let start = words.length - 1;
  while (start > 1 && PARTICLES.has(words[start - 1]!)) start -= 1;
  return { given: words.slice(0, start), family: words.slice(start) };
}

/** A piece of a credit line without years of life and what its person did: "Quill, Mara, 1971- author". */
export function withoutRoles(piece: string): string {
  return piece.replace(/\b\d{3,4}\s*[-–]?\s*(?:\d{2,4})?/g, " ").replace(ROLES, " ");
}

/** Words of a name piece without dates, roles and brackets. */
function nameWords(piece: string): string[] {
  return foldWords(withoutRoles(piece)).filter((word) => /\p{L}/u.test(word));
}

/**
 * The readings of one comma-joined piece: "Last, First", "Last, First, Jr.", "First Last, Second
 * Other". Two words on each side of one comma can be either; both readings are returned.
 */
function readCommas(piece: string): PersonName[] {
  const parts = spreadInitials(piece).split(",").map(nameWords)
    .filter((words) => words.length > 0 && !words.every((word) => SUFFIXES.has(word)));
  const [first, second] = parts;
  if (first === undefined) return [];
  if (second === undefined) return [personInOrder(withoutSuffixes(first))];
  const inverted = { given: withoutSuffixes(second), family: withoutSuffixes(first) };
  const listed = () => parts.map((words) => personInOrder(withoutSuffixes(words)));
  if (parts.length > 2) return parts.every((words) => words.length > 1) ? listed() : [inverted];
  const isAmbiguous = first.length > 1 && second.length > 1;
  return isAmbiguous ? [inverted, ...listed()] : [inverted];
}

/** The people of a credit line as typed, where anything but a comma stands between them. */
export function splitCredit(credit: string): string[] {
  return credit.split(
    /\s*(?:;|\||\/|&|＆|、|\b(?:and|with|und|et|as told (?:to|by)|(?:writing )?as|a\.?k\.?a\.?|pseud(?:onym)?\.? of|pen name of|illustrated by|translated by|edited by)(?=\s))\s*/iu,
  );
}

/** What says in brackets that another name of the same person follows. */
const ALIAS_MARK =
  /(?<!\p{L})(?:writing as|as|a\.?k\.?a\.?|pseud(?:onym)?\.?(?: of)?|pen name(?: of)?|born|real name|i\.e\.)(?!\p{L})[:,]?/iu;

/**
 * Everybody a credit line names, in the forms catalogues use: "First Last", "Last, First, 1971-
 * author", "A & B", "A and B", "A; B", "A with B", "A writing as B", "A (editor)". Empty when it
 * names nobody ("Various", "n/a"). A line that can be read two ways gives the persons of both.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseAuthors("Quill, Mara, 1971- author"), [{ given: ["mara"], family: ["quill"] }]);
 * assertEquals(parseAuthors("Various"), []);
 * ```
 */
export function parseAuthors(credit: string): PersonName[] {
  const line = boundedLine(credit, MAX_CREDIT_LENGTH);
  if (NOBODY.has(foldText(line))) return [];
  const aliases = line.replace(/\(([^)]*)\)|\[([^\]]*)\]/g, (_, round, square) => {
    const inside = String(round ?? square);
    return ALIAS_MARK.test(inside) ? ` ; ${inside.replace(ALIAS_MARK, " ; ")} ; ` : " ";
  }).replace(/^\s*by\s+/i, "");
  return splitCredit(aliases)
    .flatMap(readCommas)
    .filter((person) => !NOBODY.has([...person.given, ...person.family].join(" ")));
}

/** The credits of a record without the houses that published it, which some catalogues put among them. */
export function withoutHouses(
  { authors, editions }: {
    readonly authors: readonly string[];
    readonly editions: readonly { readonly publisher: string | null }[];
  },
): string[] {
  const houses = new Set(editions.map(({ publisher }) => foldText(publisher ?? "")));
  return authors.filter((author) => !houses.has(foldText(author)));
}

/** What is read of all credit lines of one record together: a hundred names of the usual length. */
const MAX_CREDITS_LENGTH = 2_000;

/** Everybody that the credit lines of one record name; what only a damaged record has more is left out. */
export function parseCredits(credits: readonly string[]): PersonName[] {
  const persons: PersonName[] = [];
  let length = 0;
  for (const credit of credits) {
    length += Math.min(credit.length, MAX_CREDIT_LENGTH);
    if (length > MAX_CREDITS_LENGTH) break;
    persons.push(...parseAuthors(credit));
  }
  return persons;
}

/**
 * The key under which an author is looked up: surname and first initial of the first person named,
 * "rowling j"; the surname alone when no given name is known. Equal keys are only candidates for
 * being the same person.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(authorKey("Rowling, J. K."), "rowling j");
 * assertEquals(authorKey("J.K. Rowling"), "rowling j");
 * ```
 */
export function authorKey(author: string): string {
  const [first] = parseAuthors(author);
  return first === undefined ? "" : personLookupKey(first);
}

/**
 * The keys of everybody the credit may name, each once: in "Douglas Preston, Lincoln Child" the first
 * could be a surname and the rest given names, so it is looked up under all readings.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(authorKeys("Mara Quill & Tomas Breck"), ["quill m", "breck t"]);
 * ```
 */
export function authorKeys(author: string): string[] {
  const keys = parseAuthors(author).map(personLookupKey);
  return keys.length === 0 ? [""] : [...new Set(keys)];
}

function personLookupKey(person: PersonName): string {
  const initial = [...(person.given[0] ?? "")][0];
  const surname = person.family.at(-1) ?? "";
  return boundedKey(initial === undefined ? surname : `${surname} ${initial}`);
}

/**
 * The key under which one author is stored: all given names and the surname, in that order whichever
 * way the name is written. Initials stay initials: unlike {@linkcode authorKey}, it never takes two
 * people for one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(personKey("Quill, Mara Jane"), "mara jane quill");
 * assertEquals(personKey("Mara Jane Quill"), "mara jane quill");
 * ```
 */
export function personKey(name: string): string {
  const [person] = parseAuthors(name);
  return boundedKey(
    person === undefined ? foldText(name) : [...person.given, ...person.family].join(" "),
  );
}

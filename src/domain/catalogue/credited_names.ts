import {
  isNameSuffix,
  isParticle,
  parseAuthors,
  personKey,
  type PersonName,
  splitCredit,
  withoutRoles,
} from "../names/author_name.ts";
import { areFormsOfOneName } from "../names/author_score.ts";
import { isCommonGivenName } from "../names/given_names.ts";
import { boundedLine, MAX_CREDIT_LENGTH } from "../text/bounded_line.ts";
import { foldText } from "../text/fold_text.ts";
import { isInCapitals, toNameCase } from "../text/letter_case.ts";

/** What another name of the same person follows; the first one is the one shown. */
const OTHER_NAME =
  /\s*(?<!\p{L})(?:writing as|published as|a\.?k\.?a\.?|pseud(?:onym)?\.?(?: of)?|pen name of)(?!\p{L}).*$/iu;

/** Between these stand different people, whatever the names look like. */
const SURELY_SEVERAL = /[;|、]/u;

/**
 * The people of a credit line as they are shown, given names first and without years and roles: one for "Quill,
 * Mara, 1971- author", two for "Mara Quill & Tomas Breck". Of two names around one comma, which may be a
 * surname and given names or two people, `known` decides: the persons that other records of the book
 * name; else what the names look like. Empty when the line names nobody ("Various").
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(creditedNames("Quill, Mara, 1971- author"), ["Mara Quill"]);
 * assertEquals(creditedNames("Mara Quill & Tomas Breck"), ["Mara Quill", "Tomas Breck"]);
 * assertEquals(creditedNames("Harbour and Sons"), ["Harbour and Sons"]);
 * ```
 */
export function creditedNames(credit: string, known: readonly PersonName[] = []): string[] {
  const line = boundedLine(credit, MAX_CREDIT_LENGTH).replace(OTHER_NAME, "")
    .replace(/\([^)]*\)|\[[^\]]*\]/g, " ").replace(/^\s*by\s+/i, "");
  const pieces = splitCredit(line).map((piece) => piece.trim()).filter((piece) => piece !== "");
  const isOne = pieces.length > 1 && !SURELY_SEVERAL.test(line) && !pieces.every(isWholeName);
  const isList = pieces.length > 1 && !isOne;
  return (isOne
    ? namesOfFirm(line, known)
    : pieces.flatMap((piece) => namesOf(piece, { known, isList })))
    .map(shown)
    .filter((name) => parseAuthors(name).length > 0);
}

/** Whether a piece names somebody by itself, as "Ilona" of "Ilona & Gordon Andrews" does not. */
function isWholeName(piece: string): boolean {
  return wordsOf(withoutRoles(piece)).length > 1;
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => /\p{L}/u.test(word));
}

/** "Will and Ariel Durant" is whom the other records name by these words, else one name as it stands. */
function namesOfFirm(line: string, known: readonly PersonName[]): string[] {
  const words = foldText(line).split(" ");
  const inside = known.filter(({ given, family }) =>
    given.length > 0 && [...given, ...family].every((word) => words.includes(word))
  );
  const names = new Map(
    inside.map(({ given, family }) => {
      const folded = [...given, ...family];
      const name = folded.map((word) =>
        wordsOf(line).find((own) => foldText(own) === word) ?? word
      );
      return [folded.join(" "), name.join(" ")];
    }),
  );
  return names.size > 1 ? [...names.values()] : [line];
}

/** The names of a piece in which only commas are left. */
function namesOf(
  piece: string,
  { known, isList }: { known: readonly PersonName[]; isList: boolean },
): string[] {
  const all = piece.split(",").map((part) => withoutRoles(part).trim())
    .filter((part) => /\p{L}/u.test(part));
  const suffixes = all.filter(isNameSuffix);
  const parts = all.filter((part) => !isNameSuffix(part));
  const [first, second] = parts;
  if (first === undefined) return [];
  const inverted = (family: string, given: string): string =>
    [given, family, ...(parts.length === 2 ? suffixes : [])].join(" ");
  if (second === undefined) return [[first, ...suffixes].join(" ")];
  const areWhole = parts.every((part) => wordsOf(part).length > 1);
  if (parts.length > 2) {
    if (areWhole) return parts;
    return Array.from(
      { length: Math.floor(parts.length / 2) },
      (_, pair) => inverted(parts[2 * pair]!, parts[2 * pair + 1]!),
    );
  }
  const isTwo = areWhole && (isList || areTwoPeople(first, second, known));
  return isTwo ? [first, second] : [inverted(first, second)];
}

/** Whether "Kim Harrison, Mara Quill" is two people rather than a Mara Quill Kim Harrison. */
function areTwoPeople(first: string, second: string, known: readonly PersonName[]): boolean {
  const keys = known.map(({ given, family }) => [...given, ...family].join(" "));
  const isSurely = (name: string): boolean => keys.includes(personKey(name));
  if (isSurely(first) || isSurely(second)) return true;
  const isKnown = (name: string): boolean =>
    parseAuthors(name).some((person) => known.some((other) => areFormsOfOneName(person, other)));
  if (isKnown(`${second} ${first}`)) return false;
  if (isKnown(first) || isKnown(second)) return true;
  const [left, right] = [foldText(first).split(" "), foldText(second).split(" ")];
  if (isParticle(left[0]!)) return false;
  const isGivenFirst = isCommonGivenName(left[0]!) || left.slice(0, -1).some(isInitial);
  return isGivenFirst || !(isCommonGivenName(right[0]!) || isInitial(right.at(-1)!));
}

function isInitial(word: string): boolean {
  return word.length === 1;
}

function shown(name: string): string {
  const line = name.replace(/\s+/g, " ").replace(/^[\s.,&-]+|[\s,&-]+$/g, "");
  return isInCapitals(line) ? toNameCase(line) : line;
}

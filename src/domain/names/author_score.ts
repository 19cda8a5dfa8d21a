import { editDistance } from "../text/edit_distance.ts";
import { isKeySlip } from "../text/key_slip.ts";
import { romanised } from "../text/native_script.ts";
import { parseAuthors, parseCredits, type PersonName } from "./author_name.ts";
import { areTwoNames, isOneName } from "./given_names.ts";
import { isAlias } from "./pen_names.ts";
import { romanisationKey } from "./romanisation_key.ts";

/** From here on two names are taken for one person. */
const SAME_AUTHOR = 0.8;

export interface AuthorMatch {
  /** 0–1 for the best pair of names; 0 when nobody agrees. */
  readonly score: number;
  /**
   * `missing` when one side names nobody, `unreadable` when it names people in letters that nobody can
   * compare with the other's: no evidence either way.
   */
  readonly verdict: "same" | "different" | "missing" | "unreadable";
}

function isSameGiven(a: string, b: string): boolean {
  if (isOneName(a, b) || isKeySlip(a, b)) return true;
  if (areTwoNames(a, b)) return false;
  const length = Math.min(a.length, b.length);
  if (length >= 3 && (a.startsWith(b) || b.startsWith(a))) return true;
  // Spellings of one name: Stephanie and Stephenie, Fyodor and Fedor.
  return romanisationKey(a) === romanisationKey(b) ||
    a[0] === b[0] && editDistance(a, b, 2) <= (length >= 5 ? 2 : length >= 4 ? 1 : 0) ||
    length >= 6 && editDistance(a, b, 1) <= 1;
}

function hasOtherMiddle(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(1).some((word, index) => {
    const other = b[index + 1];
    return other !== undefined && other[0] !== word[0];
  });
}

/** How well given names agree, surnames being equal: 0 is another person of that surname. */
function givenScore(a: readonly string[], b: readonly string[]): number {
  const [left] = a;
  const [right] = b;
  if (left === undefined || right === undefined) return 0.9;
  if (a.join("") === b.join("")) return 1;
  const isInitial = left.length === 1 || right.length === 1;
  if (isInitial ? left[0] === right[0] : isSameGiven(left, right)) {
    if (hasOtherMiddle(a, b)) return isInitial ? 0 : 0.7;
    return isInitial || left !== right ? 0.97 : 1;
  }
  // Known by the middle name: F. Scott Fitzgerald, J. Michael Straczynski.
  const isMiddle = (name: string, others: readonly string[]) =>
    name.length > 1 && others.slice(1).includes(name);
  return isMiddle(left, b) || isMiddle(right, a) ? 0.95 : 0;
}

/**
 * Ways to write a surname: with and without particles, both halves of a double name, "O Brien" and
 * "D Angelo" closed up.
 */
function surnames(person: PersonName): string[] {
  const family = person.family.join("");
  const last = person.family.at(-1) ?? "";
  const middle = person.given.length > 1 ? person.given.at(-1)! : "";
  const double = middle.length > 2 || ["o", "d"].includes(middle) ? [`${middle}${family}`] : [];
  const first = person.family[0] ?? "";
  const forms = [family, last, ...double, ...(first.length > 3 ? [first] : [])];
  return [...new Set(forms.map((form) => form.replace(/^mac(?=\p{L}{4})/u, "mc")))]
    .filter((form) => form !== "");
}

/**
 * Equal 1; one slip in a surname of six letters 0.95; in a shorter one 0.88, given names permitting. Of three
 * letters only a fourth may have been lost.
 */
function surnameScore(a: PersonName, b: PersonName): number {
  let best = romanisationKey(a.family.join("")) === romanisationKey(b.family.join("")) ? 0.95 : 0;
  for (const left of surnames(a)) {
    for (const right of surnames(b)) {
      if (left === right) return 1;
      const length = Math.min(left.length, right.length);
      const isLetterLost = length === 3 && left.length !== right.length;
      const isSlip = (length >= 4 || isLetterLost) && editDistance(left, right, 1) === 1;
      const given = a.given.join("");
      const isFullGiven = given.length >= 2 && given === b.given.join("") ||
        (a.given[0]?.length ?? 0) >= 3 && a.given[0] === b.given[0];
      if (isSlip && length >= 6) best = Math.max(best, 0.95);
      else if (isSlip && isFullGiven) best = Math.max(best, 0.88);
    }
  }
  return best;
}

/** A name in Latin letters where it stands in Cyrillic or Greek ones. */
function inLatin({ given, family }: PersonName): PersonName {
  const latin = (words: readonly string[]) => words.map((word) => romanised(word) ?? word);
  return { given: latin(given), family: latin(family) };
}

/**
 * Agreement of two names as forms of one name, 0–1. Word order does not matter: "Murakami Haruki" is
 * "Haruki Murakami". A pen name is another name.
 */
function compareForms(a: PersonName, b: PersonName): number {
  const left = [...a.given, ...a.family];
  const right = [...b.given, ...b.family];
  if (left.join("") === right.join("")) return 1;
  if (left.length > 1 && left.toSorted().join(" ") === right.toSorted().join(" ")) return 1;
  if (isSameHouse(left, right)) return ALIAS_SCORE;
  const surname = surnameScore(a, b);
  return surname === 0 ? 0 : surname * givenScore(a.given, b.given);
}

/**
 * Whether two names, both of who wrote one book, are forms of one person's name: initials and full names,
 * with and without a middle name, a slip. Of two books it says nothing: "J. Smith" is many people's.
 */
export function areFormsOfOneName(a: PersonName, b: PersonName): boolean {
  return compareForms(inLatin(a), inLatin(b)) >= SAME_AUTHOR;
}

/** Agreement of two persons, 0–1, by their names' forms and by the pen names that are known. */
export function comparePersons(first: PersonName, second: PersonName): number {
  const [a, b] = [inLatin(first), inLatin(second)];
  const score = compareForms(a, b);
  const nameOf = ({ given, family }: PersonName): string => [...given, ...family].join(" ");
  return score < 1 && isAlias(nameOf(a), nameOf(b)) ? ALIAS_SCORE : score;
}

/** What says of a body that it is one, which catalogues add and leave out. */
const BODY_WORDS = new Set(
  "the of at editors staff team publishing publishers press books inc ltd llc co company ab gmbh"
    .split(" "),
);

/** "DK" and "DK Publishing", "Mojang" and "Mojang AB": one body with and without what it is. */
function isSameHouse(a: readonly string[], b: readonly string[]): boolean {
  const named = (words: readonly string[]) =>
    words.filter((word) => !BODY_WORDS.has(word)).join("");
  const hasBodyWord = [...a, ...b].some((word) => BODY_WORDS.has(word));
  return hasBodyWord && named(a) !== "" && named(a) === named(b);
}

/** What a name under which a person is known elsewhere is worth. */
const ALIAS_SCORE = 0.95;

/** What names that cannot be compared are worth: enough for a book that all else speaks for. */
const UNREADABLE_SCORE = 0.6;

/** Letters of scripts whose names have no one spelling in Latin letters. */
const UNREADABLE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}]/u;

function areUnreadable(persons: readonly PersonName[]): boolean {
  return persons.every(({ given, family }) => UNREADABLE.test([...given, ...family].join("")));
}

/** As {@linkcode compareAuthors}, for names already parsed. */
export function compareParsedAuthors(
  asked: readonly PersonName[],
  given: readonly PersonName[],
): AuthorMatch {
  if (asked.length === 0 || given.length === 0) return { score: 0, verdict: "missing" };
  if (areUnreadable(asked) !== areUnreadable(given)) {
    return { score: UNREADABLE_SCORE, verdict: "unreadable" };
  }
  const score = asked.reduce(
    (best, a) => given.reduce((score, b) => Math.max(score, comparePersons(a, b)), best),
    0,
  );
  return { score, verdict: score >= SAME_AUTHOR ? "same" : "different" };
}

/**
 * Whether any author asked for is any author of a record. Co-authors, translators and their order
 * don't matter; a surname alone passes, another given name or initial does not: two
 * full given names must agree, and so must middle initials.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(compareAuthors("J. R. R. Tolkien", ["Tolkien, JRR"]).verdict, "same");
 * assertEquals(compareAuthors("Kristin Cast", ["P.C. Cast"]).verdict, "different");
 * assertEquals(compareAuthors("Kristin Cast", []).verdict, "missing");
 * ```
 */
export function compareAuthors(credit: string, authors: readonly string[]): AuthorMatch {
  return compareParsedAuthors(parseAuthors(credit), parseCredits(authors));
}

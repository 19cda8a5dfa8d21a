import { editDistance } from "../text/edit_distance.ts";
import { parseAuthors, parseCredits, type PersonName } from "./author_name.ts";

/** From here on two names are taken for one person. */
const SAME_AUTHOR = 0.8;

export interface AuthorMatch {
  /** 0–1 for the best pair of names; 0 when nobody agrees. */
  readonly score: number;
  /** `missing` when one side names nobody: no evidence either way. */
  readonly verdict: "same" | "different" | "missing";
}

/** English short forms that do not begin like the name they stand for. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map(
  ("bob:robert rob:robert bill:william will:william dick:richard rick:richard jim:james ted:edward " +
    "ned:edward jack:john peggy:margaret meg:margaret kate:katherine kathy:katherine liz:elizabeth " +
    "betty:elizabeth beth:elizabeth tony:anthony mike:michael hank:henry harry:henry chuck:charles " +
    "larry:lawrence sandy:alexander molly:mary polly:mary nancy:anne dave:david jon:jonathan " +
    "steve:stephen jeff:jeffrey geoff:geoffrey").split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

function longForm(name: string): string {
  return SHORT_FORMS.get(name) ?? name;
}

/** Letters swapped or struck twice ("iDane", "DDan"): no other name looks like that. */
function isKeySlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 3 || editDistance(a, b, 1) !== 1) return false;
  const single = (name: string) => name.replace(/(\p{L})\1/gu, "$1");
  return [...a].sort().join("") === [...b].sort().join("") || single(a) === single(b);
}

function isSameGiven(a: string, b: string): boolean {
  if (a === b || longForm(a) === longForm(b) || isKeySlip(a, b)) return true;
  const length = Math.min(a.length, b.length);
  if (length >= 3 && (a.startsWith(b) || b.startsWith(a))) return true;
  // Spellings of one name: Stephanie and Stephenie, Fyodor and Fedor.
  return a[0] === b[0] && editDistance(a, b, 2) <= (length >= 5 ? 2 : length >= 4 ? 1 : 0) ||
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
  let best = 0;
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

/** Agreement of two persons, 0–1. Word order does not matter: "Murakami Haruki" is "Haruki Murakami". */
export function comparePersons(a: PersonName, b: PersonName): number {
  const left = [...a.given, ...a.family];
  const right = [...b.given, ...b.family];
  if (left.join("") === right.join("")) return 1;
  if (left.length > 1 && left.toSorted().join(" ") === right.toSorted().join(" ")) return 1;
  const surname = surnameScore(a, b);
  return surname === 0 ? 0 : surname * givenScore(a.given, b.given);
}

/** As {@linkcode compareAuthors}, for names already parsed. */
export function compareParsedAuthors(
  asked: readonly PersonName[],
  given: readonly PersonName[],
): AuthorMatch {
  if (asked.length === 0 || given.length === 0) return { score: 0, verdict: "missing" };
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

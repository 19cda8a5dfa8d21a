import { parseAuthors } from "./author_name.ts";
import { boundedKey } from "../text/bounded_key.ts";
import { foldText } from "../text/fold_text.ts";
import { parseTitle } from "../titles/parse_title.ts";

/** What a resolution is remembered for. */
export interface ResolutionQuestion {
  readonly title: string;
  readonly author: string;
  readonly year: number;
}

/**
 * The key under which an answer is remembered: the whole normalised title with subtitle and place in
 * its series, everybody named as author in alphabetical order, and the year. Two spellings of one
 * question share a key; two questions that could have different answers don't.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   resolutionKey({ title: "The Salt Ledger (Ledgers, #1)", author: "Quill, Mara", year: 2024 }),
 *   "salt ledger #ledgers 1|mara quill|2024",
 * );
 * ```
 */
export function resolutionKey({ title, author, year }: ResolutionQuestion): string {
  const parts = parseTitle(title);
  const marks = parts.series.map(({ name, numbers }) => `#${[name, ...numbers].join(" ")}`).sort();
  const people = parseAuthors(author).map((person) =>
    [...person.given, ...person.family].join(" ")
  );
  const names = people.length === 0 ? foldText(author) : people.toSorted().join("&");
  return boundedKey([[parts.full, ...marks].join(" "), names, String(year)].join("|"));
}

/** Longer than the titles of books, and than the one a generator may name; what follows tells nothing apart. */
export const MAX_TITLE_LENGTH = 500;

/** Longer than any credit line that names people, and than the one a generator may name. */
export const MAX_CREDIT_LENGTH = 300;

/**
 * The first `maxLength` characters of a text, with one blank for each run of white space: what patterns
 * may go over more than once without taking longer than the text is worth.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(boundedLine("Salt  \n Ledger", 500), "Salt Ledger");
 * assertEquals(boundedLine("Salt Ledger", 4), "Salt");
 * ```
 */
export function boundedLine(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/\s+/g, " ");
}

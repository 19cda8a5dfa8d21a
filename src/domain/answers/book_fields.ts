/** The names of the fields we ask for, and those that models give them when nothing holds them to ours. */
export const FIELD_NAMES = {
  title: ["title", "book_title", "name"],
  author: ["author", "authors", "author_name", "writer"],
  month: ["month", "publication_month"],
  series: ["series", "series_name", "series_title"],
  number: ["number", "series_number", "volume_number", "book_number", "series_position", "volume"],
} as const;

const ALL_NAMES = Object.values(FIELD_NAMES).flat().join("|");
const FIELD = new RegExp(`[{,]\\s*["'“”‘’]?(${ALL_NAMES})["'“”‘’]?\\s*[:=]\\s*`, "gi");
const QUOTED = /^[rbuf]?(["'“”‘’«])([\s\S]*)["'“”‘’»]$/;

/**
 * The fields of a book whose JSON is broken beyond repair, by their names alone: a value is what
 * stands between one name and the next, so that quotes and commas within it do no harm. Undefined when
 * the text names no such field.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(readBrokenBook('{"title": "The "Good", the Bad", "author": "Anon"}'), {
 *   title: 'The "Good", the Bad',
 *   author: "Anon",
 * });
 * ```
 */
export function readBrokenBook(text: string): Readonly<Record<string, string>> | undefined {
  const fields = [...text.matchAll(FIELD)];
  if (fields.length === 0) return undefined;
  return Object.fromEntries(fields.map((field, index) => {
    const end = fields[index + 1]?.index ?? text.lastIndexOf("}");
    const value = text.slice(field.index + field[0].length, end).trim().replace(/[,\s]+$/, "");
    return [field[1] ?? "", (QUOTED.exec(value)?.[2] ?? value).replaceAll('\\"', '"')];
  }));
}

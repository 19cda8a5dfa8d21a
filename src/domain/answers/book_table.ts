import { FIELD_NAMES } from "./book_fields.ts";

type Field = keyof typeof FIELD_NAMES;
const FIELDS: readonly Field[] = ["title", "author", "month", "series", "number"];

/**
 * The rows of the last Markdown table whose head names titles and authors, as items of a list; empty
 * without one. Emphasis and quotation marks around a cell are not part of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const table = "| Title | Author |\n|---|---|\n| *Emma* | Jane Austen |";
 * assertEquals(readBookTable(table), [{ title: "Emma", author: "Jane Austen" }]);
 * ```
 */
export function readBookTable(text: string): readonly Readonly<Record<string, string>>[] {
  let columns: readonly (Field | null)[] | null = null;
  let items: Readonly<Record<string, string>>[] = [];
  for (const line of text.split("\n")) {
    const cells = cellsOf(line);
    if (cells === null) columns = null;
    else if (columns === null) {
      columns = columnsOf(cells);
      if (columns !== null) items = [];
    } else if (!cells.every((cell) => /^:?-*:?$/.test(cell))) items.push(itemOf(cells, columns));
  }
  return items;
}

function cellsOf(line: string): readonly string[] | null {
  const row = /^\s*\|(.*)\|\s*$/.exec(line)?.[1];
  return row?.split(/(?<!\\)\|/).map((cell) => bare(cell.replaceAll("\\|", "|"))) ?? null;
}

function bare(cell: string): string {
  return cell.trim().replace(/^([*_]{1,3})(.*)\1$/, "$2").replace(/^["“](.*)["”]$/, "$1").trim();
}

function columnsOf(cells: readonly string[]): readonly (Field | null)[] | null {
  const columns = cells.map((cell) => {
    const name = cell.toLowerCase().replace(/\(s\)$/, "s").replace(/\s+/g, "_");
    return FIELDS.find((field) => FIELD_NAMES[field].some((one) => one === name)) ?? null;
  });
  return columns.includes("title") && columns.includes("author") ? columns : null;
}

function itemOf(
  cells: readonly string[],
  columns: readonly (Field | null)[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    columns.flatMap((field, index) => field === null ? [] : [[field, cells[index] ?? ""]]),
  );
}

/** A column of a table for people; numbers are aligned to the right. */
export interface Column<Row> {
  readonly title: string;
  readonly isNumber: boolean;
  readonly cell: (row: Row) => string;
  /** Left out when no row has anything but 0 in it. */
  readonly isOptional?: boolean;
}

/** The lines of a table, as wide as its contents. */
export function tableLines<Row>(rows: readonly Row[], all: readonly Column<Row>[]): string[] {
  const columns = all.filter(({ isOptional = false, cell }) =>
    !isOptional || rows.some((row) => cell(row) !== "0")
  );
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]!.length))
  );
  return [titles, ...cells].map((row) =>
    row.map((text, index) => {
      const width = widths[index]!;
      return columns[index]!.isNumber ? text.padStart(width) : text.padEnd(width);
    }).join("  ").trimEnd()
  );
}

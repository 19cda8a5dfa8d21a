/** Rows of a small catalogue, each with the fields a test does not care about filled in. */
export function catalogueRow(row: Record<string, unknown>): Record<string, unknown> {
  return {
    subtitle: "",
    series: "",
    authors: ["Mara Quill"],
    first_published: "2012-03",
    language: "en",
    publisher: "",
    pages: null,
    notability: 1,
    ...row,
  };
}

export function editionRow(row: Record<string, unknown>): Record<string, unknown> {
  return {
    authors: ["Mara Quill"],
    publisher: "",
    published: "",
    pages: null,
    language: "en",
    ...row,
  };
}

type Files = Readonly<Record<string, readonly (Record<string, unknown> | string)[]>>;

/** Runs `body` with a temporary directory of JSON-lines files; a text stands for a line as it is. */
export async function withDataDirectory(
  files: Files,
  body: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, rows] of Object.entries(files)) {
      const lines = rows.map((row) => typeof row === "string" ? row : JSON.stringify(row));
      await Deno.writeTextFile(`${dir}/${name}`, lines.join("\n") + "\n");
    }
    await body(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

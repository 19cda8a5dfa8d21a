/** The project's folder. */
export const ROOT = new URL("../../", import.meta.url);

/** A file of the project, its path from the project's folder on. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

async function sources(folder: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const entry of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) files.push(...await sources(`${path}/`));
    else if (/\.tsx?$/.test(entry.name)) {
      files.push({ path, text: await Deno.readTextFile(new URL(path, ROOT)) });
    }
  }
  return files;
}

/** All that runs. */
export const SRC: readonly SourceFile[] = [
  ...await sources("src/"),
  { path: "main.ts", text: await Deno.readTextFile(new URL("main.ts", ROOT)) },
];
/** All tests, and what they share. */
export const TESTS: readonly SourceFile[] = await sources("tests/");

/** What a file imports: paths of files, and names of packages. */
export function importsOf({ path, text }: SourceFile): string[] {
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm)].map((m) =>
    m[1]!
  );
  specifiers.push(...[...text.matchAll(/\bimport\("([^"]+)"\)/g)].map((m) => m[1]!));
  return specifiers.map((specifier) =>
    specifier.startsWith(".")
      ? new URL(specifier, new URL(path, ROOT)).href.slice(ROOT.href.length)
      : specifier
  );
}

/** Whether a file is the place, or below it when the place ends in a slash. */
export function isIn(path: string, place: string): boolean {
  return place.endsWith("/") ? path.startsWith(place) : path === place;
}

/** A program without its comments. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

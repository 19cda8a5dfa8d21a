import { assert, assertEquals } from "@std/assert";
import {
  importsOf,
  isIn,
  ROOT,
  SRC as src,
  TESTS as tests,
  withoutComments,
} from "./support/source_files.ts";

/** Packages that do nothing but compute: all that `domain` may use. */
const PURE_PACKAGES = [
  "zod",
  "entities",
  "isbn3",
  "@sindresorhus/transliterate",
  "jsonrepair",
  "node:crypto",
  "node:util",
  "node:buffer",
];

/** Files over the limit, each with the reason why it is one thing. */
const LONG_FILES: Readonly<Record<string, string>> = {
  "tests/database/months/months_test.ts":
    "one model of the state machine and the actions that drive it",
};
const MAX_LINES = 300;

/** Files in one folder at most: a folder that grows past it holds two subjects. */
const MAX_FILES = 14;
/** Folders over the limit, each with the reason why it is one subject. */
const LARGE_FOLDERS: Readonly<Record<string, string>> = {
  "src/cli": "one file for each command, and what they share",
};

/** Who may change the rows of a subject, besides its own statements; the first is its keeper. */
const WRITERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "src/database/alerts/": ["src/alerts/"],
  // An ISBN that is another book's is taken back from the books that have it.
  "src/database/catalogue/": ["src/catalogue/", "src/resolution/settle_isbn.ts"],
  "src/database/months/": [
    "src/claims/",
    "src/scheduler/schedule_months.ts",
    "src/scheduler/rescue_months.ts",
    "src/scheduler/seed_log.ts",
  ],
};

interface Place {
  readonly level: number;
  readonly path: string;
}

/** The README's table of places, by which whoever stands higher may import what is lower. */
async function readPlaces(): Promise<Place[]> {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const section = /^## Where things are\n(.*?)^## /ms.exec(readme)?.[1] ?? "";
  const places = [...section.matchAll(/^\| ([\d.]+) +\| `(.*?)` +\|/gm)]
    .map(([, level, path]) => ({ level: Number(level), path: path! }));
  assert(places.length > 0, "The README has no table of places");
  return places;
}

Deno.test("every import leads to a lower level of the README's table of places", async () => {
  const places = await readPlaces();
  const placeOf = (path: string): Place => {
    const place = places.find((one) => isIn(path, one.path));
    assert(place, `${path} is in no place of the README's table: add it where it belongs`);
    return place;
  };
  const violations = src.flatMap((file) => {
    const from = placeOf(file.path);
    return importsOf(file)
      .filter((target) => target.startsWith("src/") || target === "main.ts")
      .filter((target) => {
        const to = placeOf(target);
        return to.level >= from.level && to.path !== from.path;
      })
      .map((target) => `${file.path} must not import ${target}: it is not on a lower level`);
  });
  assertEquals(violations, []);
  const gone = places.filter((place) => !src.some(({ path }) => isIn(path, place.path)));
  assertEquals(gone, [], "places of the README's table that are not there");
});

Deno.test("no file imports itself by way of others, not even for types", () => {
  const imports = new Map(src.map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) {
      circles.push([...above.slice(above.indexOf(path)), path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...above, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  assertEquals(circles, []);
});

Deno.test(`no folder holds more than ${MAX_FILES} files without a reason`, () => {
  const support = tests.filter(({ path }) => path.startsWith("tests/support/"));
  const folders = Map.groupBy(
    [...src, ...support],
    ({ path }) => path.slice(0, path.lastIndexOf("/")),
  );
  const large = [...folders]
    .filter(([folder, files]) => files.length > MAX_FILES && !LARGE_FOLDERS[folder])
    .map(([folder, files]) => `${folder}: ${files.length}`);
  assertEquals(large, []);
});

Deno.test("a module is imported in one line, and not passed on", () => {
  const twice = [...src, ...tests].flatMap(({ path, text }) => {
    // Names cannot stand in one line with a whole module.
    const lines = [...text.matchAll(/^(?:import|export)\b(?! \*)[^;]*? from "([^"]+)"/gm)];
    const specifiers = lines.map(([, specifier]) => specifier!);
    return [
      ...specifiers.filter((one, index) => specifiers.indexOf(one) < index)
        .map((specifier) => `${path} imports ${specifier} in two lines`),
      ...lines.filter(([line]) => line.startsWith("export"))
        .map(([, specifier]) => `${path} exports what is in ${specifier}`),
    ];
  });
  assertEquals(twice, []);
});

for (const [folder, writers] of Object.entries(WRITERS)) {
  Deno.test(`only ${writers.join(", ")} change what ${folder} keeps`, () => {
    const statements = writingStatements(folder);
    assert(statements.size > 0, `no statement of ${folder} was seen to write`);
    const places = [folder, ...writers];
    const others = src.filter(({ path }) => !places.some((place) => isIn(path, place)))
      .flatMap(({ path, text }) =>
        namesFrom(text, folder).filter((name) => statements.has(name))
          .map((name) => `${path} imports ${name}: ask ${writers[0]} for it`)
      );
    assertEquals(others, []);
  });
}

/** The functions of a folder that change rows, by themselves or by way of others of the folder. */
function writingStatements(folder: string): ReadonlySet<string> {
  const functions = src.filter(({ path }) => isIn(path, folder)).flatMap(({ text }) =>
    text.split(/^(?=(?:export )?(?:async )?function )/m).flatMap((body) => {
      const name = /^(?:export )?(?:async )?function (\w+)/.exec(body)?.[1];
      return name === undefined ? [] : [{ name, body: withoutComments(body) }];
    })
  );
  const writing = new Set<string>();
  for (let before = -1; before !== writing.size;) {
    before = writing.size;
    for (const { name, body } of functions) {
      const called = [...writing].some((one) => new RegExp(`\\b${one}\\(`).test(body));
      if (called || /\b(INSERT INTO|DELETE FROM|UPDATE\s+\w+(\s+\w+)?\s+SET)\b/.test(body)) {
        writing.add(name);
      }
    }
  }
  return writing;
}

/** The names that a file imports from a folder. */
function namesFrom(text: string, folder: string): string[] {
  const below = folder.replace("src/", "");
  return [...text.matchAll(/^import \{([^}]*)\} from "([^"]+)"/gm)]
    .filter(([, , specifier]) => specifier!.includes(`/${below}`))
    .flatMap(([, names]) => names!.split(",").map((name) => name.trim()));
}

Deno.test("domain computes only: no package with I/O, no clock, no async", () => {
  const domain = src.filter(({ path }) => path.startsWith("src/domain/"));
  const violations = domain.flatMap((file) => [
    ...importsOf(file)
      .filter((target) => !target.startsWith("src/") && !PURE_PACKAGES.includes(target))
      .map((target) => `${file.path} imports ${target}`),
    ...(/\basync\b|\bawait\b|\bDeno\./.test(withoutComments(file.text))
      ? [`${file.path} does I/O or waits`]
      : []),
  ]);
  assertEquals(violations, []);
});

Deno.test("only config reads the environment and only clock reads the time", () => {
  const violations = src.flatMap(({ path, text }) => {
    const code = withoutComments(text);
    return [
      ...(path !== "src/config.ts" && /Deno\.env|process\.env/.test(code)
        ? [`${path} reads the environment: take a value from Config`]
        : []),
      ...(path !== "src/clock.ts" && /Date\.now\(|new Date\(\)|performance\.now\(/.test(code)
        ? [`${path} reads the clock: take a Clock`]
        : []),
    ];
  });
  assertEquals(violations, []);
});

Deno.test("no bucket files: a thing lives where its name says", () => {
  const names = /(^|\/)(index|utils?|helpers?|types|common|misc|constants)\.tsx?$/;
  const buckets = src.filter(({ path }) => names.test(path)).map(({ path }) => path);
  assertEquals(buckets, []);
});

Deno.test(`no file is longer than ${MAX_LINES} lines without a reason`, () => {
  const long = [...src, ...tests]
    .filter(({ path, text }) => text.split("\n").length > MAX_LINES && !LONG_FILES[path])
    .map(({ path, text }) => `${path}: ${text.split("\n").length}`);
  assertEquals(long, []);
});

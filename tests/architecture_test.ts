import { assert, assertEquals } from "@std/assert";
import { SETTING_NAMES } from "../src/config.ts";
import { readMigrations } from "../src/database/migrations/migrate.ts";

/** Packages that do nothing but compute: all that `domain` may use. */
const PURE_PACKAGES = [
  "zod",
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

/** Files without a test of their own or in a neighbour, by what they are tested through. */
const TESTED_THROUGH: Readonly<Record<string, string>> = {
  "src/domain/money/price_setting.ts": "tests/config_test.ts",
  "src/domain/connection/connection_setting.ts": "tests/config_test.ts",
  "src/domain/matching/completeness.ts": "tests/catalogue, which reads it from the rows",
  "src/domain/text/occurrence_count.ts": "tests/server/http_server_test.ts",
  "src/domain/time/moment.ts": "the answers of tests/api that hold moments",
  "src/domain/time/lease.ts": "tests/worker/worker_test.ts",
  "main.ts": "tests/faults starts it as a process",
  "src/cli/": "tests/cli runs every command as a process",
  "src/api/": "tests/api/contract_test.ts asks every route",
  "src/control/": "its routes: tests/end_to_end/cost_cap_test.ts",
  "src/spending/": "tests/end_to_end/cost_cap_test.ts and the answers of tests/generation",
  "src/generation/": "whole months: tests/generation and tests/faults",
  "src/resolution/": "whole months: tests/month_job and tests/faults",
  "src/job_status/": "tests/api/contract_test.ts, which watches a job",
  "src/limits/wake_months.ts": "tests/scheduler/rescue_months_test.ts",
  "src/scheduler/rescue_watch.ts": "tests/api/health_test.ts",
  "src/stats/explain_book.ts": "tests/cli/explain_test.ts",
  "src/database/": "who calls its statements, on every database",
  "src/providers/generators/": "tests/providers/generators, by what each vendor answers",
  "src/simulator/": "the production clients, which every other test asks with",
};

/** Test folders that are about the whole, not about a folder of src. */
const WHOLE = ["bench", "end_to_end", "faults", "recorded", "support"];

const ROOT = new URL("../", import.meta.url);

interface SourceFile {
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

const src = [
  ...await sources("src/"),
  { path: "main.ts", text: await Deno.readTextFile(new URL("main.ts", ROOT)) },
];
const tests = await sources("tests/");

function importsOf({ path, text }: SourceFile): string[] {
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

function isIn(path: string, place: string): boolean {
  return place.endsWith("/") ? path.startsWith(place) : path === place;
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
  const folders = Map.groupBy(src, ({ path }) => path.slice(0, path.lastIndexOf("/")));
  const large = [...folders]
    .filter(([folder, files]) => files.length > MAX_FILES && !LARGE_FOLDERS[folder])
    .map(([folder, files]) => `${folder}: ${files.length}`);
  assertEquals(large, []);
});

Deno.test("only src/alerts opens and closes alerts", () => {
  const others = src.filter(({ path, text }) =>
    !/^src\/(alerts|database)\//.test(path) && /\b(openAlert|closeAlerts)\b/.test(text)
  );
  assertEquals(others.map(({ path }) => path), []);
});

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

Deno.test("migrations are numbered without gaps and begin with their reason", async () => {
  const migrations = await readMigrations();
  const silent = migrations.filter(({ text }) =>
    !/^-- Why: /.test(text) || !/Locks: /.test(text) || !/Older code/.test(text)
  );
  assertEquals(silent.map(({ name }) => name), []);
});

Deno.test("every setting is explained in .env.example", async () => {
  const example = await Deno.readTextFile(new URL(".env.example", ROOT));
  const explained = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]!);
  assertEquals(explained.toSorted(), [...SETTING_NAMES, "TEST_DATABASE_URL"].toSorted());
});

Deno.test("every command has its task in deno.json and its row in the README", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT))) as {
    tasks: Record<string, { description?: string; command: string }>;
  };
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const section = /^## Commands\n(.*?)^## /ms.exec(readme)?.[1] ?? "";
  const rows = [...section.matchAll(/^\| (`.*?) +\| \S/gm)].flatMap(([, commands]) =>
    [...commands!.matchAll(/`(?:deno task )?([a-z][a-z:-]*)/g)].map(([, name]) => name!)
  );
  assertEquals(Object.keys(tasks).toSorted(), [...new Set(rows)].toSorted());
  const commands = src.flatMap(({ path, text }) => {
    const name = /^\/\*\* `deno task ([a-z-]+)/.exec(text)?.[1];
    return name === undefined ? [] : [{ path, name }];
  });
  assert(commands.length > 0, "no command was found");
  for (const { path, name } of commands) {
    assert(
      tasks[name]?.command.endsWith(` ${path}`),
      `deno.json has no task "${name}" for ${path}`,
    );
    assert(tasks[name].description, `the task "${name}" has no description`);
  }
});

Deno.test("every test names what it is about: by its place, or in its first line", () => {
  const paths = new Set(src.map(({ path }) => path));
  const unclear = tests.filter(({ path }) => {
    const [, folder] = path.split("/");
    return path.endsWith("_test.ts") && path !== "tests/architecture_test.ts" &&
      !WHOLE.includes(folder!) && !paths.has(sourceOf(path));
  }).filter(({ path, text }) => {
    const folder = sourceOf(path).replace(/[^/]*$/, "");
    const named = /^\/\/ About ([^\n]+)\n/.exec(text)?.[1]?.split(", ") ?? [];
    return named.length === 0 ||
      named.some((name) => !src.some((one) => isIn(one.path, folder + name)));
  });
  assertEquals(unclear.map(({ path }) => path), [], 'begin these with "// About some_file.ts, …"');
});

Deno.test("every file of src is tested: by a test of its own, one that imports it, or through a neighbour", () => {
  const imported = new Set(tests.flatMap(importsOf));
  const own = new Set(tests.map(({ path }) => sourceOf(path)));
  const tested = new Set(
    src.map(({ path }) => path).filter((path) => imported.has(path) || own.has(path)),
  );
  for (let before = -1; before !== tested.size;) {
    before = tested.size;
    for (const file of src) {
      if (!tested.has(file.path)) continue;
      const [, subject] = file.path.split("/");
      for (const target of importsOf(file)) {
        if (target.startsWith(`src/${subject}/`)) tested.add(target);
      }
    }
  }
  const untested = src.map(({ path }) => path).filter((path) => !tested.has(path));
  const unexplained = untested.filter((path) =>
    !Object.keys(TESTED_THROUGH).some((place) => isIn(path, place))
  );
  assertEquals(unexplained, []);
});

function sourceOf(testPath: string): string {
  return testPath.replace(/^tests\//, "src/").replace(/_test\.ts$/, ".ts");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

import { assert, assertEquals } from "@std/assert";
import { SETTING_NAMES } from "../src/config.ts";
import { readMigrations } from "../src/database/migrations/migrate.ts";

/** Who may import whom, beside itself: the folder table of the README, checked. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": [
    "src/secret_settings.ts",
    "src/config.ts",
    "src/app/app.ts",
    "src/cli/",
    "src/clock.ts",
    "src/log.ts",
    "src/domain/",
    "src/app/file_modes.ts",
  ],
  "src/cli/": ["src/"],
  "src/app/app.ts": ["src/"],
  "src/app/compose_providers.ts": ["src/"],
  "src/app/compose_generators.ts": ["src/"],
  "src/app/compose_policies.ts": ["src/"],
  "src/app/composition.ts": ["src/"],
  "src/limits/provider_limits.ts": ["src/database/", "src/domain/", "src/providers/", "BASE"],
  "src/app/data_directory.ts": ["src/errors.ts", "src/app/file_modes.ts"],
  "src/worker/": ["src/queue/", "src/month_job/", "src/domain/", "BASE"],
  "src/server/": ["src/domain/", "BASE"],
  "src/api/": ["src/scheduler/", "src/stats/", "src/auth/", "src/domain/", "BASE"],
  "src/scheduler/": ["src/domain/", "src/database/", "src/queue/", "BASE"],
  "src/month_job/": ["src/domain/", "src/database/", "BASE"],
  "src/stats/": ["src/domain/", "src/database/", "BASE"],
  "src/database/": ["src/domain/", "BASE"],
  "src/queue/": ["src/domain/", "BASE"],
  "src/providers/": ["src/domain/", "BASE"],
  "src/simulator/": ["src/domain/", "BASE"],
  "src/auth/": ["src/errors.ts", "src/clock.ts"],
  "src/domain/": ["src/errors.ts"],
  "src/secret_settings.ts": ["src/domain/"],
  "src/config.ts": ["src/secret_settings.ts", "src/domain/", "src/errors.ts"],
  "src/clock.ts": [],
  "src/errors.ts": [],
  "src/app/file_modes.ts": [],
  "src/log.ts": ["src/domain/", "src/errors.ts"],
};
const BASE = ["src/errors.ts", "src/clock.ts", "src/log.ts"];

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

function ruleFor(path: string): [string, readonly string[]] {
  const place = Object.keys(MAY_IMPORT).find((key) =>
    key.endsWith("/") ? path.startsWith(key) : path === key
  );
  assert(place, `${path} is in no place of the table: add it with who it may import`);
  return [place, MAY_IMPORT[place]!.flatMap((rule) => rule === "BASE" ? BASE : [rule])];
}

Deno.test("every import is one the table of places allows", () => {
  const violations = src.flatMap((file) => {
    const [place, allowed] = ruleFor(file.path);
    return importsOf(file)
      .filter((target) => target.startsWith("src/") || target === "main.ts")
      .filter((target) => !(place.endsWith("/") && target.startsWith(place)))
      .filter((target) =>
        !allowed.some((rule) => rule.endsWith("/") ? target.startsWith(rule) : target === rule)
      )
      .map((target) => `${file.path} must not import ${target}`);
  });
  assertEquals(violations, []);
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

Deno.test("every folder of src has its folder of tests", () => {
  const folders = new Set(
    src.map(({ path }) => /^src\/\w+\//.exec(path)?.[0]).filter((folder) => folder !== undefined),
  );
  const untested = [...folders].filter((folder) => {
    const mirror = folder.replace("src/", "tests/");
    return !tests.some(({ path }) => path.startsWith(mirror) && path.endsWith("_test.ts"));
  });
  assertEquals(untested, []);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}

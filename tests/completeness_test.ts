import { assert, assertEquals } from "@std/assert";
import { SETTING_NAMES } from "../src/config.ts";
import { readMigrations } from "../src/database/migrations/migrate.ts";
import { importsOf, isIn, ROOT, SRC as src, TESTS as tests } from "./support/source_files.ts";

/** Files without a test of their own or in a neighbour, by what they are tested through. */
const TESTED_THROUGH: Readonly<Record<string, string>> = {
  "src/domain/money/price_setting.ts": "tests/config_test.ts",
  "src/domain/connection/connection_setting.ts": "tests/config_test.ts",
  "src/domain/catalogue/completeness.ts": "tests/catalogue, which reads it from the rows",
  "src/domain/text/occurrence_count.ts": "tests/server/http_server_test.ts",
  "src/domain/time/moment.ts": "the answers of tests/api that hold moments",
  "src/domain/time/lease.ts": "tests/worker/worker_test.ts",
  "main.ts": "tests/faults starts it as a process",
  "src/alerts/cost_alerts.ts": "tests/end_to_end/cost_cap_test.ts, which reads the words",
  "src/alerts/resolver_alerts.ts": "tests/limits and tests/resolution, which read the words",
  "src/cli/": "tests/cli runs every command as a process",
  "src/api/": "tests/api/contract_test.ts asks every route",
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

/** Tests of the project itself. */
const ABOUT_ALL = ["tests/architecture_test.ts", "tests/completeness_test.ts"];

/** Test folders that are about the whole, not about a folder of src. */
const WHOLE = ["bench", "end_to_end", "faults", "recorded", "support"];

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
    [...commands!.matchAll(/`(?:deno task )?([a-z][a-z:_-]*)/g)].map(([, name]) => name!)
  );
  assertEquals(Object.keys(tasks).toSorted(), [...new Set(rows)].toSorted());
  const commands = src.flatMap(({ path, text }) => {
    const name = /^\/\*\* `deno task ([a-z_-]+)/.exec(text)?.[1];
    return name === undefined ? [] : [{ path, name }];
  });
  assert(commands.length > 0, "no command was found");
  for (const { path, name } of commands) {
    const { command, description } = tasks[name] ?? {};
    assert(command?.endsWith(` ${path}`), `deno.json has no task "${name}" for ${path}`);
    assert(description, `the task "${name}" has no description`);
  }
});

Deno.test("every folder of domain and database is in the README's list of subjects", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const listed = [...readme.matchAll(/^\| `((?:domain|database)\/\w+)` +\|/gm)].map(([, one]) =>
    one!
  );
  const folders = new Set(
    src.flatMap(({ path }) => /^src\/((?:domain|database)\/\w+)\//.exec(path)?.[1] ?? []),
  );
  assertEquals(listed.toSorted(), [...folders].toSorted());
});

Deno.test("every test names what it is about: by its place, or in its first line", () => {
  const paths = new Set(src.map(({ path }) => path));
  const unclear = tests.filter(({ path }) => {
    const [, folder] = path.split("/");
    return path.endsWith("_test.ts") && !ABOUT_ALL.includes(path) &&
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

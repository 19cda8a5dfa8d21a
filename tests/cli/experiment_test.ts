import { assertEquals, assertGreater, assertLessOrEqual, assertMatch } from "@std/assert";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { type EndedScript, runScript } from "../support/service/run_script.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

/** Runs `deno task experiment` as an operator would. */
function experiment(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<EndedScript> {
  return runScript("src/cli/experiment.ts", { args, env });
}

const ASKED = ["--months", "2012-03..2012-04", "--variants", "baseline"]
  .concat("--models", "gemini,xai:grok-4.3");

Deno.test("deno task experiment refuses wrong flags, each with what would be right", async () => {
  const unknown = await experiment([
    ...["--months", "2012-13", "--variants", "base", "--models", "grok", "--budget", "two"],
  ]);
  assertEquals([unknown.code, unknown.stdout], [1, ""]);
  assertMatch(unknown.stderr, /--months must be months and ranges in order/);
  assertMatch(unknown.stderr, /--variants must be names out of .*overlooked-significance/);
  assertMatch(unknown.stderr, /--models must be names out of gemini, xai, openai_compatible/);
  assertMatch(unknown.stderr, /--budget must be an amount/);
  assertMatch(unknown.stderr, /@ and a version .* \(1\), such as baseline,baseline@1/);
  const bare = await experiment(["--variants", "baseline,baseline@1"]);
  assertMatch(bare.stderr, /^--months, --models must be given/);
  const unbudgeted = await experiment([...ASKED, "--run"]);
  assertMatch(unbudgeted.stderr, /^--run needs --budget USD/);
});

for (const kind of DATABASE_KINDS) {
  Deno.test(`deno task experiment plans, runs, stops at its budget and goes on [${kind}]`, () =>
    withPlace(kind, async (place) => {
      const { environment, simulator } = place;
      await withApp(place, async ({ call }) => {
        await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
        if (kind === "server") return;
        const { code, stderr } = await experiment(ASKED, environment);
        assertEquals(code, 1);
        assertMatch(stderr, /stop it to experiment, or use a server database \(DATABASE_URL\)/);
      });
      const plan = await experiment([...ASKED, "--json"], environment);
      assertEquals([plan.code, plan.stderr, simulator.journal.count()], [0, "", 0]);
      assertEquals(JSON.parse(plan.stdout).questions.length, 4);

      const stopped = await experiment(
        [...ASKED, "--run", "--budget", "0.0125"],
        environment,
      );
      assertEquals(stopped.code, 1);
      assertMatch(stopped.stderr, /^Stopped with \d of 4 questions open: The cap of \$0\.0125 /);
      assertMatch(stopped.stdout, /2012-0\d baseline \S+: \d+ books/);

      const done = await experiment(
        [...ASKED, "--run", "--budget", "1", "--json"],
        environment,
      );
      assertEquals([done.code, done.stderr], [0, ""]);
      const { results, figures } = JSON.parse(done.stdout);
      assertEquals([results.length, figures.length], [4, 2]);
      assertGreater(
        results.filter((one: { is_remembered: boolean }) => one.is_remembered).length,
        0,
      );
      const asked = ["gemini", "xai"] as const;
      assertLessOrEqual(
        asked.reduce((sum, service) => sum + simulator.journal.count({ service }), 0),
        4,
      );

      const shown = await runScript("src/cli/stats.ts", {
        args: ["--variants", "--json"],
        env: environment,
      });
      assertEquals(JSON.parse(shown.stdout), { experiments: figures, months: [] });
    }));
}

Deno.test("deno task experiment names the setting or price it lacks before it opens anything", async () => {
  const keyless = await experiment(ASKED, { GEMINI_API_KEY: "a-key", XAI_API_KEY: "" });
  assertEquals(keyless.code, 1);
  assertMatch(keyless.stderr, /^Not set, but wanted: xai needs XAI_API_KEY$/m);
  const unpriced = await experiment(
    [...ASKED, "--models", "xai:grok-99", "--run", "--budget", "1"],
    { XAI_API_KEY: "a-key" },
  );
  assertEquals(unpriced.code, 1);
  assertMatch(unpriced.stderr, /^No price is known for grok-99.*MODEL_PRICES/);
});

for (const kind of DATABASE_KINDS) {
  Deno.test(`deno task experiment --store says what it will store, and stores it once [${kind}]`, () =>
    withPlace(kind, async (place) => {
      const { environment, simulator } = place;
      await withApp(place, async ({ call }) => {
        await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
      });
      const asked = [...ASKED, "--months", "2012-03", "--models", "gemini"];
      const paid = [...asked, "--run", "--budget", "1"];
      const explain = (...args: string[]): Promise<EndedScript> =>
        runScript("src/cli/explain.ts", { args, env: environment });

      const plan = await experiment([...asked, "--store"], environment);
      assertEquals([plan.code, simulator.journal.count()], [0, 0]);
      assertMatch(plan.stdout, /^To be stored: of every answer the books that catalogues confirm/m);
      assertMatch(plan.stdout, /^Nothing was asked\./m);
      const planned = await experiment([...asked, "--store", "--json"], environment);
      assertEquals(JSON.parse(planned.stdout).store, true);

      const first = await experiment([...paid, "--json"], environment);
      const { results: [result], stored: none } = JSON.parse(first.stdout);
      assertEquals([none, result.books_stored, result.isbns_stored], [null, null, null]);
      const unstored = await explain(result.isbns[0]);
      assertEquals([unstored.code, unstored.stdout], [1, ""]);
      assertMatch(
        unstored.stderr,
        /^No stored edition has the ISBN \d+\. Experiment 1 found it for 2012-03 with baseline and gemini:\S+, but stored nothing: the same with --store does$/m,
      );

      const second = await experiment([...paid, "--store"], environment);
      assertEquals([second.code, second.stderr], [0, ""]);
      assertMatch(
        second.stdout,
        new RegExp(`of the month, ${result.resolved} stored \\(remembered\\)`),
      );
      assertMatch(
        second.stdout,
        new RegExp(
          `^Of the confirmed books ${result.resolved} were new and are stored, with ` +
            `${result.resolved} new ISBNs; 0 were there already`,
          "m",
        ),
      );
      assertMatch(second.stdout, /--rerun --variant NAME/);

      const third = await experiment([...paid, "--store", "--json"], environment);
      assertEquals(
        JSON.parse(third.stdout).stored,
        { books_new: 0, books_known: result.resolved, isbns_new: 0 },
      );

      const named =
        "by gemini:\\S+ asked with baseline, experiment 1 on .* UTC, again in 2, 3: found " +
        `${result.isbns[0]}, with --store$`;
      const byIsbn = await explain(result.isbns[0]);
      assertMatch(byIsbn.stdout, new RegExp(`^  2012-03  ${named}`, "m"));
      assertMatch(byIsbn.stdout, /no month's own run so far/);
      const byMonth = await explain("2012-03", "--json");
      const { books } = JSON.parse(byMonth.stdout);
      assertEquals(
        books.map(({ edition }: { edition: { isbn13: string } }) => edition.isbn13),
        result.isbns,
      );
    }));
}

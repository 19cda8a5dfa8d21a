import {
  assert,
  assertEquals,
  assertGreater,
  assertLessOrEqual,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import { readPause } from "../../src/database/scheduling/pause.ts";
import { seedMonths } from "../../src/database/months/months.ts";
import { readForecastHistory } from "../../src/database/stats/forecast_history.ts";
import { groupMonthsByAnswerers } from "../../src/database/stats/months_by_answerers.ts";
import { compareResults } from "../../src/domain/experiments/compare_results.ts";
import type { ExperimentResult } from "../../src/domain/experiments/experiment_result.ts";
import { AppError } from "../../src/errors.ts";
import { readVariantStats } from "../../src/stats/variant_stats.ts";
import { runExperiment } from "../../src/experiments/run_experiment.ts";
import {
  contents,
  experiment,
  GEMINI,
  GROK,
  makeMonths,
  plan,
} from "../support/books/experiments.ts";
import { appTest } from "../support/service/test_app.ts";

const CATALOGUE = ["backfill_log", "backfill_attempt", "candidate", "work", "edition"]
  .concat("work_author", "enrichment_queue", "control", "alert");
const MEMORY = ["generation", "resolution", "evidence", "spending", "run", "experiment"];

appTest("planning an experiment asks nobody and changes nothing", async (service) => {
  await seedMonths(service.sql, { yearStart: 2012, yearEnd: 2012 });
  const before = await contents(service, [...CATALOGUE, ...MEMORY]);
  const { questions, estimate } = await plan(service, {
    months: "2012-03..2012-04",
    models: ["gemini", GROK, GEMINI],
  });
  assertEquals(questions.length, 4); // the settings' model and the same by its name are one
  assertEquals(estimate.calls.gemini, 2);
  assertGreater(estimate.at_most_usd, estimate.expected_usd);
  assertEquals(await contents(service, [...CATALOGUE, ...MEMORY]), before);
  assertEquals(service.simulator.journal.count(), 0);
  const error = await assertRejects(
    () => plan(service, { months: "2012-12..2013-01", models: ["gemini"] }),
    AppError,
    "The log lacks 2013-01: deno task seed --from 2013 --to 2013",
  );
  assertEquals(error.code, "NOT_FOUND");
});

appTest(
  "an experiment tells a model that invents from one that does not, and stores no book",
  async (service) => {
    service.simulator.faults.add({ service: "xai", kind: "unknown_titles" });
    await seedMonths(service.sql, { yearStart: 2012, yearEnd: 2012 });
    const before = await contents(service, CATALOGUE);
    const heard: ExperimentResult[] = [];
    const report = await experiment(service, {
      months: "2012-03..2012-04",
      models: ["gemini", GROK],
      onResult: (result) => heard.push(result),
    });
    assertEquals(report.stop, null);
    assertEquals(heard, [...report.results]);
    const [better, worse] = compareResults(report.results);
    assertEquals([better!.generator, worse!.generator], ["gemini", "xai"]);
    assertGreater(better!.resolved, 20);
    assertGreater(better!.in_month, better!.resolved / 2);
    assertEquals([worse!.resolved, worse!.in_month], [0, 0]);
    // Some of what it made up bears the title of a real book.
    assertGreater(worse!.invented, 0.8 * worse!.books);
    assertLessOrEqual(better!.invented, 1);
    assertEquals(await contents(service, CATALOGUE), before);

    const [kept] = await service.sql`
      SELECT count(*)::int AS results, sum(cost_usd)::float8 AS usd, (
        SELECT sum(cost_usd)::float8 FROM spending s JOIN experiment e USING (job_id)
        WHERE s.run_id = e.run_id
      ) AS spent FROM experiment_result`;
    assertEquals(kept!.results, 4);
    assertGreater(kept!.usd, 0);
    assertEquals([kept!.usd, report.spent_usd], [kept!.spent, kept!.spent]);
    const [ended] = await service.sql`
      SELECT ended_at IS NOT NULL AS is_ended, stopped_reason, max_cost_usd::float8 AS budget
      FROM experiment JOIN run ON run.id = run_id WHERE run.started_by = 'experiment'`;
    assertEquals({ ...ended }, { is_ended: true, stopped_reason: null, budget: 1 });
  },
);

appTest("months and experiments pay for an answer once between them", async (service) => {
  const { journal } = service.simulator;
  await experiment(service, { months: "2012-03", models: ["gemini"] });
  assertEquals(journal.count({ service: "gemini" }), 1);
  await makeMonths(service, ["2012-03", "2012-04"]);
  assertEquals(journal.count({ service: "gemini", month: "2012-03" }), 1);
  const asked = journal.count();
  const { results, spent_usd } = await experiment(service, {
    months: "2012-03..2012-04",
    models: ["gemini"],
  });
  assertEquals(results.map(({ is_remembered }) => is_remembered), [true, true]);
  assertEquals([journal.count(), spent_usd], [asked, 0]);
  // What the month came to is what the experiment says of it.
  const months = await service.sql`
    SELECT month, books_generated AS books, isbns_resolved AS resolved FROM backfill_log
    WHERE status = 'completed' ORDER BY month`;
  assertEquals(
    results.toSorted((a, b) => a.month - b.month)
      .map(({ month, books, resolved }) => ({ month, books, resolved })),
    months.map((month) => ({ ...month } as { month: number; books: number; resolved: number })),
  );
});

appTest("only answers a month was made with tell how it was made", async (service) => {
  const madeBy = async (): Promise<string[]> =>
    (await groupMonthsByAnswerers(service.sql)).flatMap(({ answerers }) =>
      answerers.map(({ model }) => model)
    );
  // One answer is the experiment's until the month uses it, the other stays its own.
  await experiment(service, { months: "2012-03", models: ["gemini", GROK] });
  await makeMonths(service, ["2012-03"]);
  assertEquals(await madeBy(), ["gemini-3.5-flash-lite"]);
  await experiment(service, { months: "2012-03", models: ["gemini", GROK] });
  assertEquals(await madeBy(), ["gemini-3.5-flash-lite"]);
  const { models } = await readForecastHistory(service.sql);
  assertEquals(models.map(({ generator, months }) => [generator, months]), [["gemini", 1]]);
});

appTest("a spent budget stops the experiment alone, and the next one goes on", async (service) => {
  const { journal } = service.simulator;
  const models = ["gemini"];
  const months = "2012-01..2012-04";
  // Enough for one call, which costs less than reserved, but not for a second reservation.
  const first = await experiment(service, { months, models, budgetUsd: 0.0115, concurrency: 1 });
  assertEquals(first.stop?.code, "COST_CAP_REACHED");
  assertMatch(first.stop!.reason, /The cap of \$0\.0115 for run \d+ is reached/);
  assertEquals(first.results.length, 1);
  assertLessOrEqual(first.spent_usd, 0.0115);
  assertEquals(await readPause(service.sql), null);
  assertEquals((await listOpenAlerts(service.sql)).length, 0);

  // What is remembered comes first; then nobody is asked any more, not even who costs nothing.
  const free = "openai_compatible";
  const { stop, results } = await experiment(service, {
    months: "2012-01",
    models: [GROK, free, ...models],
    budgetUsd: 0.001,
    concurrency: 1,
  });
  assertEquals(stop?.code, "COST_CAP_REACHED");
  assertEquals(results.map(({ generator }) => generator), ["gemini"]);

  // Reservations under way are waited for: together they need more than there is.
  const second = await experiment(service, { months, models, budgetUsd: 0.03, concurrency: 4 });
  assertEquals([second.stop, second.results.length], [null, 4]);
  assertEquals(second.results.filter(({ is_remembered }) => is_remembered).length, 1);
  assertEquals(journal.count({ service: "gemini" }), 4);
});

appTest("refusals and unusable answers are results, an absence is none", async (service) => {
  const { faults } = service.simulator;
  faults.add({ service: "gemini", kind: "refusal" });
  faults.add({ service: "xai", kind: "bad_content" });
  faults.add({ service: "openai_compatible", kind: "key_refused" });
  const { results, stop } = await experiment(service, {
    months: "2012-03",
    models: ["gemini", GROK, "openai_compatible"],
  });
  assertEquals(stop, null);
  const byGenerator = new Map(results.map((result) => [result.generator, result]));
  for (const [generator, outcome] of [["gemini", "refused"], ["xai", "unusable"]] as const) {
    const result = byGenerator.get(generator)!;
    assertEquals([result.outcome, result.books], [outcome, 0]);
    assertGreater(result.cost_usd!, 0);
    assert(result.detail);
  }
  const away = byGenerator.get("openai_compatible")!;
  assertEquals([away.outcome, away.books, away.cost_usd], ["unavailable", 0, 0]);
  assertMatch(away.detail!, /^openai_compatible .*API key/);
  const unheard = compareResults(results).filter((figures) => figures.unheard === 1);
  assertEquals(unheard.map(({ generator, months }) => [generator, months]), [[
    "openai_compatible",
    0,
  ]]);
});

appTest("a client that stumbles ends no experiment", async (service) => {
  const { context, questions } = await plan(service, {
    months: "2012-03",
    models: ["gemini", GROK],
  });
  // Nobody has thought of the answer that does this to a client, so no simulator can give it.
  const stumbling = { generate: () => Promise.reject(new TypeError("x is not iterable")) };
  const { results, stop } = await runExperiment(context, {
    questions: questions.map((question) =>
      question.generator.name === "gemini"
        ? { ...question, generator: { ...question.generator, ...stumbling } }
        : question
    ),
    budgetUsd: 1,
    isStoring: false,
    concurrency: 1,
    signal: new AbortController().signal,
    onResult: () => {},
  });
  assertEquals(stop, null);
  const outcomes = results.map(({ generator, outcome, detail }) => [generator, outcome, detail]);
  const detail = "gemini's client stumbled over the answer: x is not iterable";
  assertEquals(outcomes, [["gemini", "unusable", detail], ["xai", "named", null]]);
});

appTest("an interrupted experiment keeps its results", async (service) => {
  const controller = new AbortController();
  const { stop, results } = await experiment(service, {
    months: "2012-01..2012-04",
    models: ["gemini"],
    concurrency: 1,
    signal: controller.signal,
    onResult: () => controller.abort(new AppError("SHUTTING_DOWN", "Interrupted")),
  });
  assertEquals([stop?.code, results.length], ["SHUTTING_DOWN", 1]);
  const [kept] = await service.sql`
    SELECT stopped_reason, (SELECT count(*)::int FROM experiment_result) AS results
    FROM experiment`;
  assertEquals({ ...kept }, { stopped_reason: "Interrupted", results: 1 });
});

appTest("an older version of the prompt is another question, and no month's", async (service) => {
  const asked = { months: "2012-03", models: ["gemini"] };
  const older = { variant: "baseline" as const, version: "1" as const };
  const { results } = await experiment(service, {
    ...asked,
    wordings: [older, { ...older, version: "2" }],
  });
  assertEquals(results.map(({ prompt_version }) => prompt_version).toSorted(), ["1", "2"]);
  const { experiments } = await readVariantStats(service.sql);
  assertEquals(
    experiments.map(({ prompt_version, months }) => [prompt_version, months]).toSorted(),
    [
      ["1", 1],
      ["2", 1],
    ],
  );
  const calls = service.simulator.journal.count({ service: "gemini" });
  assertEquals(calls, 2);

  const again = await experiment(service, { ...asked, wordings: [older] });
  assertEquals(again.results.map((one) => [one.prompt_version, one.is_remembered]), [["1", true]]);
  assertEquals(service.simulator.journal.count({ service: "gemini" }), calls);

  // The month takes the answer to today's wording, and leaves the other to the experiments.
  await makeMonths(service, ["2012-03"]);
  assertEquals(service.simulator.journal.count({ service: "gemini" }), calls);
  const used = await service.sql`
    SELECT prompt_version FROM generation g JOIN backfill_attempt a ON a.job_id = g.job_id`;
  assertEquals(used.map(({ prompt_version }) => prompt_version), ["2"]);
});

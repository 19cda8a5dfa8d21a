import { assertEquals } from "@std/assert";
import type { Database } from "../../../src/database/connection/connection.ts";
import { findLoggedMonths } from "../../../src/database/scheduling/due_months.ts";
import {
  listLatestResults,
  readAnswerBill,
  startExperiment,
  storeExperimentResult,
} from "../../../src/database/experiments/experiments.ts";
import {
  judgeGeneration,
  storeGeneration,
  supersedeGenerations,
} from "../../../src/database/generation/generations.ts";
import { seedMonths } from "../../../src/database/months/months.ts";
import { startRun } from "../../../src/database/scheduling/runs.ts";
import type { ExperimentResult } from "../../../src/domain/experiments/experiment_result.ts";
import { buildPrompt } from "../../../src/domain/generation/prompt.ts";
import { databaseTest } from "../../support/postgres/databases.ts";
import { experimentResult } from "../../support/books/experiment_result.ts";

const march = { year: 2012, month: 3 };
const gemini = { generator: "gemini", model: "some-model" } as const;

async function monthId({ sql }: Database): Promise<number> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const [month] = await findLoggedMonths(sql, [march, { year: 2030, month: 1 }]);
  return month!.month_id;
}

const absent = experimentResult({
  outcome: "unavailable",
  detail: "down",
  books: 0,
  resolved: 0,
  not_found: 0,
  invented: 0,
  unavailable: 0,
  in_year: 0,
  isbns: [],
  cost_usd: null,
});

databaseTest("listLatestResults() gives the last result of each question", async (database) => {
  const { sql } = database;
  const id = await monthId(database);
  const runId = await startRun(sql, { startedBy: "experiment", maxCostUsd: 1, at: null });
  const keep = async (...results: ExperimentResult[]): Promise<void> => {
    const experiment = await startExperiment(sql, { runId, startedBy: "test", at: null });
    for (const one of results) {
      const { id: experimentId } = experiment;
      await storeExperimentResult(sql, { experimentId, monthId: id, result: one, at: null });
    }
  };
  const grok = experimentResult({ generator: "xai", model: "grok-4.3", cost_usd: null });
  await keep(experimentResult({ is_remembered: true }), grok);
  await keep(experimentResult({}));
  assertEquals([...await listLatestResults(sql)], [experimentResult({}), grok]);
  // A model that is away now says nothing against what it answered before.
  await keep(absent, { ...absent, prompt_variant: "genre-rotation" });
  const latest = await listLatestResults(sql);
  assertEquals(
    latest.map(({ generator, prompt_variant, outcome }) => [
      generator,
      prompt_variant,
      outcome,
    ]),
    [
      ["gemini", "baseline", "named"],
      ["xai", "baseline", "named"],
      ["gemini", "genre-rotation", "unavailable"],
    ],
  );
});

databaseTest(
  "listLatestResults() adds up what the results of a question stored",
  async (database) => {
    const { sql } = database;
    const id = await monthId(database);
    const runId = await startRun(sql, { startedBy: "experiment", maxCostUsd: 1, at: null });
    const grok = experimentResult({ generator: "xai", model: "grok-4.3" });
    const counts = [null, 1, 0].map((stored) => ({ books_stored: stored, isbns_stored: stored }));
    for (const stored of counts) {
      const experiment = await startExperiment(sql, { runId, startedBy: "test", at: null });
      for (const one of [experimentResult(stored), grok]) {
        await storeExperimentResult(sql, {
          experimentId: experiment.id,
          monthId: id,
          result: one,
          at: null,
        });
      }
    }
    assertEquals([...await listLatestResults(sql)], [
      experimentResult({ books_stored: 1, isbns_stored: 1 }),
      grok,
    ]);
  },
);

databaseTest("readAnswerBill() sums what a question has cost", async (database) => {
  const { sql } = database;
  const id = await monthId(database);
  const prompt = buildPrompt({ month: march, variant: "baseline", maxBooks: 20 });
  const question = { monthId: id, ...gemini, promptHash: prompt.hash };
  const answer = async (costUsd: number | null): Promise<number> => {
    const stored = await storeGeneration(sql, {
      monthId: id,
      jobId: crypto.randomUUID(),
      ...gemini,
      prompt,
      costUsd,
      at: null,
      answer: {
        model: gemini.model,
        text: "{}",
        finish: "stop",
        finish_detail: null,
        tokens: { input: 10, output: 20, thinking: 30 },
      },
    });
    return stored.id;
  };
  const judge = (one: number, verdict: "usable" | "unusable") =>
    judgeGeneration(sql, { id: one, verdict, booksNamed: 5, booksDropped: 2 });

  assertEquals(await readAnswerBill(sql, question), null);
  await judge(await answer(0.001), "unusable");
  await judge(await answer(0.002), "usable");
  assertEquals(await readAnswerBill(sql, question), {
    verdict: "usable",
    dropped: 2,
    tokens: { input: 20, output: 40, thinking: 60 },
    cost_usd: 0.003,
  });
  await supersedeGenerations(sql, { monthIds: [id], at: null });
  await judge(await answer(null), "usable");
  assertEquals((await readAnswerBill(sql, question))!.cost_usd, null);
});

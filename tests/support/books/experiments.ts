import { assertEquals } from "@std/assert";
import { chooseModels, composeExperiment } from "../../../src/cli/experiment_context.ts";
import { systemClock } from "../../../src/clock.ts";
import { parseConfig } from "../../../src/config.ts";
import { seedMonths } from "../../../src/database/months/months.ts";
import type { ExperimentResult } from "../../../src/domain/experiments/experiment_result.ts";
import { parseModelChoice } from "../../../src/domain/generation/model_choice.ts";
import { parseMonthRanges } from "../../../src/domain/months/month_ranges.ts";
import { createLog } from "../../../src/log.ts";
import { PROMPT_VERSION } from "../../../src/domain/generation/prompt_version.ts";
import type { Wording } from "../../../src/domain/generation/wording.ts";
import { planExperiment } from "../../../src/experiments/plan_experiment.ts";
import { type ExperimentReport, runExperiment } from "../../../src/experiments/run_experiment.ts";
import type { TestApp } from "../service/test_app.ts";

const TODAYS: readonly Wording[] = [{ variant: "baseline", version: PROMPT_VERSION }];

export const GEMINI = "gemini:gemini-3.5-flash-lite";
export const GROK = "xai:grok-4.3";

function prepare({ environment, app }: TestApp, models: readonly string[]) {
  const config = parseConfig(environment);
  const { database } = app.scheduler;
  return composeExperiment(config, {
    database,
    clock: systemClock,
    log: createLog(),
    models: chooseModels(config, models.map((model) => parseModelChoice(model)!)),
  });
}

/** Plans an experiment on months of 2012. */
export async function plan(
  service: TestApp,
  { months, models, wordings = TODAYS, books = null }: {
    months: string;
    models: string[];
    wordings?: readonly Wording[];
    books?: number | null;
  },
) {
  await seedMonths(service.sql, { yearStart: 2012, yearEnd: 2012 });
  const context = prepare(service, models);
  const request = { months: parseMonthRanges(months)!, wordings, books };
  return { context, ...await planExperiment(context, request) };
}

/** Runs an experiment on months of 2012 in the place of the service. */
export async function experiment(
  service: TestApp,
  {
    months,
    models,
    wordings,
    books,
    budgetUsd = 1,
    isStoring = false,
    concurrency = 4,
    onResult = () => {},
    signal,
  }: {
    months: string;
    models: string[];
    wordings?: readonly Wording[];
    books?: number;
    budgetUsd?: number;
    isStoring?: boolean;
    concurrency?: number;
    onResult?: (result: ExperimentResult) => void;
    signal?: AbortSignal;
  },
): Promise<ExperimentReport> {
  const { context, questions } = await plan(service, {
    months,
    models,
    ...(wordings === undefined ? {} : { wordings }),
    books: books ?? null,
  });
  return await runExperiment(context, {
    questions,
    budgetUsd,
    isStoring,
    concurrency,
    signal: signal ?? new AbortController().signal,
    onResult,
  });
}

/** Makes the months, and waits until they are. */
export async function makeMonths({ call, settled }: TestApp, months: string[]): Promise<void> {
  const { status, body } = await call("/api/internal/schedule-backfill", { months });
  assertEquals([status, body.months_selected], [200, months.length]);
  await settled();
}

/** Everything that is stored in the tables, but for what providers and processes tell of themselves. */
export async function contents({ sql }: TestApp, tables: readonly string[]): Promise<string> {
  const rows = await Promise.all(
    tables.map((table) => sql.unsafe(`SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`)),
  );
  return JSON.stringify(rows);
}

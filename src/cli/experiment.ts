/** `deno task experiment`: compares wordings and models on what becomes of the books they name. */
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import type { Config } from "../config.ts";
import {
  MODEL_GENERATORS,
  type ModelChoice,
  parseModelChoice,
} from "../domain/generation/model_choice.ts";
import { PROMPT_VARIANTS } from "../domain/generation/prompt.ts";
import { PROMPT_VERSION, PROMPT_VERSIONS } from "../domain/generation/prompt_version.ts";
import { parseWording, type Wording } from "../domain/generation/wording.ts";
import { AppError } from "../errors.ts";
import { createLog } from "../log.ts";
import { type ExperimentPlan, planExperiment } from "../experiments/plan_experiment.ts";
import { type ExperimentReport, runExperiment } from "../experiments/run_experiment.ts";
import { demandDatabase } from "./demand_database.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import {
  chooseModels,
  composeExperiment,
  demandPrices,
  type ExperimentContext,
} from "./experiment_context.ts";
import { commandConfig, openDatabaseOrService } from "./database_or_service.ts";
import { dollars, flag, monthRanges, parseFlags, wholeNumber } from "./parse_flags.ts";
import {
  planBody,
  planScreen,
  reportBody,
  reportScreen,
  resultLine,
} from "./screens/render_experiment.ts";

const variantList = {
  type: "string" as const,
  placeholder: "LIST",
  schema: z.string().transform((text, context): Wording[] => {
    const names = new Set(text.split(",").map((one) => one.trim()));
    const wordings = [...names].map(parseWording);
    if (wordings.every((wording) => wording !== null)) return wordings;
    const older = PROMPT_VERSIONS.filter((version) => version !== PROMPT_VERSION);
    context.addIssue(
      `must be names out of ${
        PROMPT_VARIANTS.join(", ")
      }, each with @ and a version where an older ` +
        `wording is wanted (${older.join(", ")}), such as baseline,baseline@${older[0]}`,
    );
    return z.NEVER;
  }),
};

const modelList = {
  type: "string" as const,
  placeholder: "LIST",
  schema: z.string().transform((text, context): ModelChoice[] => {
    const choices = text.split(",").map(parseModelChoice);
    if (choices.every((choice) => choice !== null)) return choices;
    context.addIssue(
      `must be names out of ${MODEL_GENERATORS.join(", ")}, each with a model of its own after a ` +
        `colon where another than the settings' is wanted, such as gemini,xai:grok-4.3`,
    );
    return z.NEVER;
  }),
};

const options = await exitOnError(() => {
  const parsed = parseFlags(Deno.args, {
    command: "deno task experiment",
    flags: {
      months: { ...monthRanges(), help: "to ask about, such as 2012-03..2012-05,2015-01" },
      variants: {
        ...variantList,
        help: `wordings to compare: ${PROMPT_VARIANTS.join(", ")}; baseline@1 is an older version`,
      },
      models: { ...modelList, help: "models to compare, such as gemini,xai:grok-4.3" },
      books: { ...wholeNumber(1, 100), help: "to ask for (as many as each month would)" },
      budget: { ...dollars(), help: "the most the models may cost together" },
      run: { ...flag(), help: "put the questions; without it, only say what that takes" },
      store: { ...flag(), help: "with --run, add the confirmed books to the catalogue" },
      json: { ...flag(), help: "print one JSON object" },
    },
  });
  const missing = (["months", "variants", "models"] as const).filter((name) => !parsed[name]);
  if (missing.length > 0) {
    const names = missing.map((name) => `--${name}`).join(", ");
    throw new AppError("BAD_REQUEST", `${names} must be given; --help says what each is`);
  }
  if (parsed.run && parsed.budget === undefined) {
    throw new AppError(
      "BAD_REQUEST",
      "--run needs --budget USD, the most it may cost; without --run you see what to expect",
    );
  }
  const { months = [], variants = [], models = [], ...rest } = parsed;
  return { months, variants, models, ...rest };
});

await exitOnError(async () => {
  const config = commandConfig();
  const models = chooseModels(config, options.models);
  if (options.run) demandPrices(config, models);
  const log = demandDatabase(await openDatabaseOrService(config), "experiment");
  try {
    const parts = { database: log.database, clock: systemClock, log: createLog() };
    const context = composeExperiment(config, { ...parts, models });
    const plan = await planExperiment(context, {
      months: options.months,
      wordings: options.variants,
      books: options.books ?? null,
    });
    if (options.run && options.budget !== undefined) {
      await run(context, { config, plan, budgetUsd: options.budget });
    } else {
      writeLine(
        options.json
          ? JSON.stringify(planBody(plan, { isStoring: options.store }))
          : planScreen(plan, { budgetUsd: options.budget ?? null, isStoring: options.store }),
      );
    }
  } finally {
    await log.close();
  }
});

async function run(
  context: ExperimentContext,
  { config, plan, budgetUsd }: { config: Config; plan: ExperimentPlan; budgetUsd: number },
): Promise<void> {
  const report = await interruptibly((signal) =>
    runExperiment(context, {
      questions: plan.questions,
      budgetUsd,
      isStoring: options.store,
      concurrency: config.MONTH_CONCURRENCY,
      signal,
      onResult: (result) => {
        if (!options.json) writeLine(resultLine(cleanTexts(result)));
      },
    })
  );
  writeLine(
    options.json
      ? JSON.stringify(reportBody(report))
      : reportScreen(cleanTexts(report), { budgetUsd }),
  );
  demandAll(report, plan);
}

/** The signal is aborted by the first SIGINT or SIGTERM; a second one ends the process at once. */
async function interruptibly<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort(new AppError("SHUTTING_DOWN", "The experiment was interrupted"));
  };
  Deno.addSignalListener("SIGINT", onSignal);
  Deno.addSignalListener("SIGTERM", onSignal);
  try {
    return await action(controller.signal);
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
    Deno.removeSignalListener("SIGTERM", onSignal);
  }
}

/** Throws `AppError` when there is a question without a result worth the name. */
function demandAll(
  { stop, results }: ExperimentReport,
  { questions }: ExperimentPlan,
): void {
  const goOn = "The same command goes on from here: what was answered costs nothing";
  const raise = "A larger --budget is needed or, when it is the cap of the day, another day. ";
  const open = questions.length - results.length;
  if (stop !== null) {
    throw new AppError(
      stop.code,
      `Stopped with ${open} of ${questions.length} questions open: ${stop.reason}. ` +
        `${stop.code === "COST_CAP_REACHED" ? raise : ""}${goOn}`,
    );
  }
  const unheard = results.filter(({ outcome }) => outcome === "unavailable");
  if (unheard.length === 0) return;
  throw new AppError(
    "PROVIDER_UNAVAILABLE",
    `${unheard.length} of ${questions.length} questions could not be judged: ` +
      `${unheard[0]?.detail}. ${goOn}`,
  );
}

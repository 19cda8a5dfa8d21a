/** `deno task stats`: where the backfill stands, for people and for scripts. */
import { systemClock } from "../clock.ts";
import { composeProviders } from "../compose_providers.ts";
import type { Config } from "../config.ts";
import { createLog } from "../log.ts";
import { backfillStatsSchema, readBackfillStats } from "../stats/backfill_stats.ts";
import { readVariantStats, variantStatsSchema } from "../stats/variant_stats.ts";
import { checkAnswer } from "./check_answer.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { commandConfig, type OpenLog, openLog } from "./open_log.ts";
import { flag, parseFlags } from "./parse_flags.ts";
import { statsScreen } from "./render_stats.ts";
import { variantsScreen } from "./render_variants.ts";

const WATCH_MS = 2_000;
const CLEAR_SCREEN = "\x1b[2J\x1b[H";

const options = await exitOnError(() =>
  parseFlags(Deno.args, {
    command: "deno task stats",
    flags: {
      json: { ...flag(), help: "print one JSON object" },
      variants: {
        ...flag(),
        help: "how prompt variants and models did, in experiments and months",
      },
      watch: { ...flag(), help: "show it again every two seconds until interrupted" },
    },
  })
);

await exitOnError(async () => {
  const config = commandConfig();
  const log = await openLog(config);
  try {
    do {
      const screen = options.variants ? await variants(log, config) : await standing(log, config);
      writeLine(options.watch && !options.json ? `${CLEAR_SCREEN}${screen}` : screen);
      if (options.watch) await systemClock.sleep(WATCH_MS);
    } while (options.watch);
  } finally {
    if (log.kind === "database") await log.close();
  }
});

async function variants(log: OpenLog, config: Config): Promise<string> {
  if (log.kind === "database") {
    const stats = await readVariantStats(log.database.sql);
    return options.json ? JSON.stringify(stats) : variantsScreen(stats);
  }
  const answer = await log.call("variant-stats");
  const stats = checkAnswer(answer, { schema: variantStatsSchema, config });
  return options.json ? JSON.stringify(answer) : variantsScreen(stats);
}

async function standing(log: OpenLog, config: Config): Promise<string> {
  if (log.kind === "database") {
    const { database } = log;
    const parts = { database, clock: systemClock, log: createLog() };
    const { generators } = composeProviders(config, parts);
    const stats = await readBackfillStats(database, { generators });
    return options.json ? JSON.stringify(stats) : statsScreen(stats);
  }
  const answer = await log.call("backfill-stats");
  const stats = checkAnswer(answer, { schema: backfillStatsSchema, config });
  return options.json ? JSON.stringify(answer) : statsScreen(stats);
}

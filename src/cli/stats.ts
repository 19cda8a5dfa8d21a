/** `deno task stats`: where the backfill stands, for people and for scripts. */
import { systemClock } from "../clock.ts";
import { composeProviders } from "../app/compose_providers.ts";
import type { Config } from "../config.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import { createLog } from "../log.ts";
import { backfillStatsSchema, readBackfillStats } from "../stats/backfill_stats.ts";
import { readVariantStats, variantStatsSchema } from "../stats/variant_stats.ts";
import { checkAnswer } from "./check_answer.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import {
  commandConfig,
  type DatabaseOrService,
  openDatabaseOrService,
} from "./database_or_service.ts";
import { flag, parseFlags } from "./parse_flags.ts";
import { statsScreen } from "./screens/render_stats.ts";
import { variantsScreen } from "./screens/render_variants.ts";

const WATCH_MS = 2_000;

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
  const log = await openDatabaseOrService(config);
  try {
    do {
      const screen = options.variants ? await variants(log, config) : await standing(log, config);
      if (options.watch && !options.json) clearScreen();
      writeLine(screen);
      if (options.watch) await systemClock.sleep(WATCH_MS);
    } while (options.watch);
  } finally {
    if (log.kind === "database") await log.close();
  }
});

function clearScreen(): void {
  Deno.stdout.writeSync(new TextEncoder().encode("\x1b[2J\x1b[H"));
}

async function variants(log: DatabaseOrService, config: Config): Promise<string> {
  if (log.kind === "database") {
    const stats = await readVariantStats(log.database.sql);
    return options.json ? JSON.stringify(stats) : variantsScreen(cleanTexts(stats));
  }
  const answer = await log.call("variant-stats");
  const stats = checkAnswer(answer, { schema: variantStatsSchema, config });
  return options.json ? JSON.stringify(answer) : variantsScreen(cleanTexts(stats));
}

async function standing(log: DatabaseOrService, config: Config): Promise<string> {
  if (log.kind === "database") {
    const { database } = log;
    const parts = { database, clock: systemClock, log: createLog() };
    const { generators } = composeProviders(config, parts);
    const stats = await readBackfillStats(database, { generators });
    return options.json ? JSON.stringify(stats) : statsScreen(cleanTexts(stats));
  }
  const answer = await log.call("backfill-stats");
  const stats = checkAnswer(answer, { schema: backfillStatsSchema, config });
  return options.json ? JSON.stringify(answer) : statsScreen(cleanTexts(stats));
}

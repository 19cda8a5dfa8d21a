/** `deno task stats`: where the backfill stands, for people and for scripts. */
import { systemClock } from "../clock.ts";
import { type BackfillStats, readBackfillStats } from "../stats/backfill_stats.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { commandConfig, type OpenLog, openLog } from "./open_log.ts";
import { flag, parseFlags } from "./parse_flags.ts";
import { statsScreen } from "./render_stats.ts";

const WATCH_MS = 2_000;
const CLEAR_SCREEN = "\x1b[2J\x1b[H";

const options = await exitOnError(() =>
  parseFlags(Deno.args, {
    command: "deno task stats",
    flags: {
      json: { ...flag(), help: "print one JSON object" },
      watch: { ...flag(), help: "show it again every two seconds until interrupted" },
    },
  })
);

await exitOnError(async () => {
  const log = await openLog(commandConfig());
  try {
    do {
      const stats = await read(log);
      if (options.json) writeLine(JSON.stringify(stats));
      else writeLine(`${options.watch ? CLEAR_SCREEN : ""}${statsScreen(stats)}`);
      if (options.watch) await systemClock.sleep(WATCH_MS);
    } while (options.watch);
  } finally {
    if (log.kind === "database") await log.close();
  }
});

async function read(log: OpenLog): Promise<BackfillStats> {
  if (log.kind === "database") return await readBackfillStats(log.database.sql);
  // Our own service's answer, of the shape the contract promises.
  return await log.call("backfill-stats") as BackfillStats;
}

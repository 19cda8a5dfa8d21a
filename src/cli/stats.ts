/** `deno task stats`: where the backfill stands, for people and for scripts. */
import { backfillStatsRoute } from "../api/backfill_stats.ts";
import { variantStatsRoute } from "../api/variant_stats.ts";
import { systemClock } from "../clock.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import { type AskRoute, askRoutes } from "./ask_route.ts";
import { commandConfig } from "./database_or_service.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
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

await exitOnError(() =>
  askRoutes(commandConfig(), async (ask) => {
    do {
      const text = await (options.variants ? variants(ask) : standing(ask));
      if (options.watch && !options.json) clearScreen();
      writeLine(text);
      if (options.watch) await systemClock.sleep(WATCH_MS);
    } while (options.watch);
  })
);

function clearScreen(): void {
  Deno.stdout.writeSync(new TextEncoder().encode("\x1b[2J\x1b[H"));
}

async function variants(ask: AskRoute): Promise<string> {
  const { whole, answer } = await ask(variantStatsRoute);
  return options.json ? JSON.stringify(whole) : variantsScreen(cleanTexts(answer));
}

async function standing(ask: AskRoute): Promise<string> {
  const { whole, answer } = await ask(backfillStatsRoute);
  return options.json ? JSON.stringify(whole) : statsScreen(cleanTexts(answer));
}

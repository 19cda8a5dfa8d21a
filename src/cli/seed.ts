/** `deno task seed`: adds the months of a range of years to the log. */
import { seedBackfillQueueRoute } from "../api/seed_backfill_queue.ts";
import { MAX_YEAR, MIN_YEAR } from "../domain/months/month.ts";
import { AppError } from "../errors.ts";
import { askRoutes } from "./ask_route.ts";
import { commandConfig } from "./database_or_service.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { parseFlags, wholeNumber } from "./parse_flags.ts";

const options = await exitOnError(() => {
  const parsed = parseFlags(Deno.args, {
    command: "deno task seed",
    flags: {
      from: { ...wholeNumber(MIN_YEAR, MAX_YEAR), byDefault: 2000, help: "first year" },
      to: { ...wholeNumber(MIN_YEAR, MAX_YEAR), byDefault: 2024, help: "last year" },
    },
  });
  if (parsed.from > parsed.to) {
    throw new AppError(
      "BAD_REQUEST",
      `--from (${parsed.from}) must not be after --to (${parsed.to})`,
    );
  }
  return parsed;
});

await exitOnError(async () => {
  const body = { year_start: options.from, year_end: options.to };
  const { answer } = await askRoutes(
    commandConfig(),
    (ask) => ask(seedBackfillQueueRoute, { body }),
  );
  writeLine(answer.message);
});

/** `deno task seed`: adds the months of a range of years to the log. */
import { z } from "zod";
import { MAX_YEAR, MIN_YEAR } from "../domain/months/month.ts";
import { AppError } from "../errors.ts";
import { createLog } from "../log.ts";
import { seedLog } from "../scheduler/seed_log.ts";
import { checkAnswer } from "./check_answer.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { commandConfig, openDatabaseOrService } from "./database_or_service.ts";
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

const answerSchema = z.object({ months_seeded: z.number() });

await exitOnError(async () => {
  const config = commandConfig();
  const log = await openDatabaseOrService(config);
  const years = { yearStart: options.from, yearEnd: options.to };
  let count: number;
  if (log.kind === "database") {
    count = await seedLog({ database: log.database, log: createLog() }, years);
    await log.close();
  } else {
    const answer = await log.call("seed-backfill-queue", {
      year_start: options.from,
      year_end: options.to,
    });
    count = checkAnswer(answer, { schema: answerSchema, config }).months_seeded;
  }
  writeLine(
    count === 0
      ? `All months of ${options.from}–${options.to} were there already`
      : `${count} months of ${options.from}–${options.to} added as pending`,
  );
});

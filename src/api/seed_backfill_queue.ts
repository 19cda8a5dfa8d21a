import { Hono } from "hono";
import { z } from "zod";
import { MAX_YEAR, MIN_YEAR } from "../domain/months/month.ts";
import { seedLog } from "../scheduler/seed_log.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { parseBody } from "./requests/parse_body.ts";

const YEAR = `must be a whole number from ${MIN_YEAR} to ${MAX_YEAR}`;
const year = z.int(YEAR).min(MIN_YEAR, YEAR).max(MAX_YEAR, YEAR);

const requestSchema = z.strictObject({
  year_start: year.default(2000),
  year_end: year.default(2024),
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys"
      ? "is not a field of this request: year_start and year_end are"
      : "must be a JSON object",
}).refine(({ year_start, year_end }) => year_start <= year_end, {
  path: ["year_start"],
  error: "must not be after year_end",
});

/** `POST /seed-backfill-queue`: adds the months that are missing and leaves all others alone. */
export function seedBackfillQueueRoute({ scheduler }: ApiContext): Hono {
  return new Hono().post("/seed-backfill-queue", async (context) => {
    const { year_start, year_end } = await parseBody(context, requestSchema);
    const count = await seedLog(scheduler, { yearStart: year_start, yearEnd: year_end });
    const years = `${year_start}–${year_end}`;
    return context.json({
      months_seeded: count,
      message: count === 0
        ? `All months of ${years} were there already`
        : `${count} months of ${years} added as pending`,
    });
  });
}

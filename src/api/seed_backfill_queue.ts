import { z } from "zod";
import { MAX_YEAR, MIN_YEAR } from "../domain/months/month.ts";
import { seedLog } from "../scheduler/seed_log.ts";
import { bodySchema } from "./requests/body_schema.ts";
import { type DatabaseContext, defineRoute } from "./requests/route.ts";

const YEAR = `must be a whole number from ${MIN_YEAR} to ${MAX_YEAR}`;
const year = z.int(YEAR).min(MIN_YEAR, YEAR).max(MAX_YEAR, YEAR);

const yearsSchema = bodySchema({
  year_start: year.default(2000),
  year_end: year.default(2024),
}).refine(({ year_start, year_end }) => year_start <= year_end, {
  path: ["year_start"],
  error: "must not be after year_end",
});

/** `POST /seed-backfill-queue`: adds the months that are missing and leaves all others alone. */
export const seedBackfillQueueRoute = defineRoute({
  path: "/seed-backfill-queue",
  body: yearsSchema,
  answer: z.object({ months_seeded: z.number(), message: z.string() }),
  examples: [{ body: { year_start: 1950, year_end: 1999 } }],
  handle: async (context: DatabaseContext, { body: { year_start, year_end } }) => {
    const count = await seedLog(context, { yearStart: year_start, yearEnd: year_end });
    const years = `${year_start}–${year_end}`;
    return {
      months_seeded: count,
      message: count === 0
        ? `All months of ${years} were there already`
        : `${count} months of ${years} added as pending`,
    };
  },
});

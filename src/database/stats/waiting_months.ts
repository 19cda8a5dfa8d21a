import { z } from "zod";
import { momentSchema } from "../../domain/time/moment.ts";
import type { Queryable } from "../connection/connection.ts";

/** The months that wait to be tried again. */
export const waitingMonthsSchema = z.object({
  count: z.number(),
  /** When the first of them is due; null when a person set it back by hand, which is at once. */
  first_due_at: momentSchema.nullable(),
  /** What the first of them waits for. */
  first_reason: z.string().nullable(),
});

type WaitingMonths = Readonly<z.infer<typeof waitingMonthsSchema>>;

/** How many months wait, for what and until when; null when none does. */
export async function readWaiting(sql: Queryable): Promise<WaitingMonths | null> {
  const [row] = await sql<WaitingMonths[]>`
    SELECT count(*) OVER ()::int AS count, next_attempt_at AS first_due_at,
      error_message AS first_reason
    FROM backfill_log WHERE status = 'retry'
    ORDER BY next_attempt_at NULLS FIRST, year DESC, month DESC
    LIMIT 1`;
  return row ?? null;
}

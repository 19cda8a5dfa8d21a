import { z } from "zod";
import { MAX_YEAR, MIN_YEAR } from "../domain/months/month.ts";

/** Raised when a message changes so that an older worker would misread it. */
const MESSAGE_VERSION = 1;

const jobMessageSchema = z.object({
  v: z.literal(MESSAGE_VERSION),
  kind: z.literal("month_job"),
  job_id: z.uuid(),
  year: z.int().min(MIN_YEAR).max(MAX_YEAR),
  month: z.int().min(1).max(12),
});

/** A hint that a claimed month is waiting. It carries no truth: the claim in Postgres does. */
export type JobMessage = z.infer<typeof jobMessageSchema>;

/** Makes the message for a claimed month. */
export function jobMessage(
  claim: { readonly job_id: string; readonly year: number; readonly month: number },
): JobMessage {
  const { job_id, year, month } = claim;
  return { v: MESSAGE_VERSION, kind: "month_job", job_id, year, month };
}

/** Parses what came out of a queue; `null` with the reason when it is no message of ours. */
export function parseJobMessage(
  value: unknown,
): { readonly message: JobMessage } | { readonly message: null; readonly problem: string } {
  const parsed = jobMessageSchema.safeParse(value);
  if (parsed.success) return { message: parsed.data };
  return { message: null, problem: z.prettifyError(parsed.error) };
}

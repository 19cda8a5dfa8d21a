/**
 * The states of a month, said once. In the words of the field: `pending` is available, `processing`
 * is running under a claim, `retry` is retryable, `failed` is discarded (final until a person forces
 * it). Nothing else in the code uses that second vocabulary.
 *
 * ```text
 * seed → pending ─claim→ processing ─complete→ completed ─rerun→ pending
 *           retry ─claim→ processing ─retry, snooze→ retry
 *                         processing ─fail→ failed ─force→ pending
 *                         processing ─release→ retry (due at once, attempt given back)
 * ```
 */
export const MONTH_STATUSES = ["pending", "processing", "completed", "failed", "retry"] as const;

export type MonthStatus = (typeof MONTH_STATUSES)[number];

/** How many attempts a month has before it fails. */
export const MAX_ATTEMPTS = 5;

/**
 * How often in a row a month may take its worker with it, leaving nothing behind, before it is failed
 * as the likely cause. Generous, because a worker mostly dies of something else.
 */
export const MAX_LOSSES_IN_ROW = 10;

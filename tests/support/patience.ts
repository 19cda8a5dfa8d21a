import { systemClock } from "../../src/clock.ts";

/** Generous: only that it ends at all is asked. */
const LIMIT_MS = 60_000;

/** What `promise` resolves with; fails with the sentence `what` when it takes a minute. */
export async function withPatience<T>(promise: Promise<T>, what: string): Promise<T> {
  const patience = new AbortController();
  const late = systemClock.sleep(LIMIT_MS, patience.signal).then(() => {
    throw new Error(`After ${LIMIT_MS / 1000} s ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {}); // called off
    patience.abort();
  }
}

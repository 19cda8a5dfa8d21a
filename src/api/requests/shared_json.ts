import type { Context } from "hono";
import { shareReading } from "../../stats/shared_reading.ts";

/** A handler that answers everybody who asks at the same time with one reading, written out once. */
export function sharedJson(
  read: () => Promise<unknown>,
): (context: Context) => Promise<Response> {
  const reading = shareReading(async () => JSON.stringify(await read()));
  return async (context) =>
    context.body(await reading(), 200, { "Content-Type": "application/json" });
}

import type { Queryable } from "../database/connection.ts";
import { readPause } from "../database/control.ts";

/** Proves that the database answers and has the service's tables. Throws what the database throws. */
export async function checkReady(sql: Queryable): Promise<void> {
  await readPause(sql);
}

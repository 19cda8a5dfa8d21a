import type postgres from "postgres";
import { type ClaimedMonth, claimMonths } from "../../../src/database/months/months.ts";

/** Claims months in a transaction of its own. */
export async function claimNow(
  sql: postgres.Sql,
  options: Parameters<typeof claimMonths>[1],
): Promise<ClaimedMonth[]> {
  return await sql.begin((tx) => claimMonths(tx, options));
}

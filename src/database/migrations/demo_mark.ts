import type postgres from "postgres";
import { AppError } from "../../errors.ts";
import type { Database, Queryable } from "../connection/connection.ts";

/** Whether a demo has made this database its own: the books in it are simulated. */
export async function hasDemoMark(sql: Queryable): Promise<boolean> {
  const [row] = await sql<{ is_marked: boolean }[]>`
    SELECT to_regclass('demo_mark') IS NOT NULL AS is_marked`;
  return row!.is_marked;
}

/**
 * Makes the database a demo's, for good. One that is not empty must be a demo's by all its runs, as
 * demos were before they left a mark.
 *
 * Throws `AppError` CONFIG_INVALID, with nothing changed, when it may hold anything else.
 */
export async function markAsDemo(
  { sql, location }: Pick<Database, "sql" | "location">,
): Promise<void> {
  await sql.begin(async (tx) => {
    if (await hasDemoMark(tx)) return;
    if (!await isDemosByItsRuns(tx)) {
      throw new AppError(
        "CONFIG_INVALID",
        `The database ${location} holds tables that no demo made: a demo writes simulated books, and ` +
          `removes what is there. Set DATA_DIR or DATABASE_URL to another place`,
      );
    }
    await tx`CREATE TABLE demo_mark (marked_at timestamptz NOT NULL DEFAULT now())`;
  });
}

async function isDemosByItsRuns(tx: postgres.TransactionSql): Promise<boolean> {
  const [tables] = await tx<{ is_empty: boolean; has_runs: boolean }[]>`
    SELECT to_regclass('run') IS NOT NULL AS has_runs, NOT EXISTS (
      SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    ) AS is_empty`;
  if (!tables!.has_runs) return tables!.is_empty;
  const [runs] = await tx<{ are_demos: boolean }[]>`
    SELECT coalesce(bool_and(started_by = 'demo'), false) AS are_demos FROM run`;
  return runs!.are_demos;
}

/** Throws `AppError` CONFIG_INVALID when the database is a demo's: no real book belongs into it. */
export async function demandNoDemo(
  { sql, kind, location }: Pick<Database, "sql" | "kind" | "location">,
): Promise<void> {
  if (!await hasDemoMark(sql)) return;
  throw new AppError(
    "CONFIG_INVALID",
    `The database ${location} is a demo's: its books are simulated, and the next demo removes them. ` +
      `Set ${kind === "server" ? "DATABASE_URL" : "DATA_DIR"} to another; deno task stats and ` +
      `explain look into a demo's`,
  );
}

import { AppError } from "../../errors.ts";
import type { Queryable } from "../connection/connection.ts";
import type { MigrationPlace } from "./migration_place.ts";

/** The names of the tables that migrations make. */
function tablesOf(migrations: readonly { readonly text: string }[]): string[] {
  return migrations.flatMap(({ text }) =>
    [...text.matchAll(/^CREATE TABLE (\w+)/gm)].map((match) => match[1]!)
  );
}

/**
 * Throws `AppError` unless the user may read and write the rows of every table, DATABASE_REFUSED with
 * what to grant or CONFIG_INVALID when one was removed: what is wrong with one alone would only show in
 * the middle of a month.
 */
export async function demandTableRights(
  sql: Queryable,
  { migrations, place: { user, database, schema } }: {
    migrations: readonly { readonly text: string }[];
    place: MigrationPlace;
  },
): Promise<void> {
  const tables = await sql<{ name: string; is_there: boolean; is_open: boolean }[]>`
    SELECT name, id IS NOT NULL AS is_there,
      has_table_privilege(id, 'SELECT') AND has_table_privilege(id, 'INSERT')
        AND has_table_privilege(id, 'UPDATE') AND has_table_privilege(id, 'DELETE') AS is_open
    FROM unnest(${tablesOf(migrations)}::text[]) AS name, to_regclass(name) AS id`;
  const missing = tables.filter(({ is_there }) => !is_there).map(({ name }) => name);
  if (missing.length > 0) {
    throw new AppError(
      "CONFIG_INVALID",
      `The schema ${schema} of the database ${database} lacks ${missing.join(", ")}, made by an ` +
        `earlier migration and removed since: restore the database from a copy, or use an empty one`,
    );
  }
  const closed = tables.filter(({ is_open }) => !is_open).map(({ name }) => name);
  if (closed.length > 0) {
    throw new AppError(
      "DATABASE_REFUSED",
      `The user ${user} may not read and write all rows of ${
        closed.join(", ")
      }. An administrator ` +
        `permits it in the database ${database}: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES ` +
        `IN SCHEMA ${schema} TO ${user}`,
    );
  }
}

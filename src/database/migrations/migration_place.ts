import { AppError } from "../../errors.ts";
import type { Queryable } from "../connection/connection.ts";

/** Who migrates what: names as they are written in SQL, for sentences that hold commands. */
export interface MigrationPlace {
  readonly user: string;
  readonly database: string;
  /** Where new tables go, the first schema of the search path that exists and may be used. */
  readonly schema: string;
}

interface FoundPlace extends Omit<MigrationPlace, "schema"> {
  readonly schema: string | null;
  readonly path: string;
  /** Schemas of the search path that exist and that the user may not use. */
  readonly closed: readonly string[];
  readonly encoding: string;
}

/**
 * Reads where the tables are or will be.
 *
 * Throws `AppError` CONFIG_INVALID when the database cannot hold every text or no schema of its search
 * path exists, DATABASE_REFUSED when one exists that the user may not use.
 */
export async function demandPlace(sql: Queryable): Promise<MigrationPlace> {
  const [found] = await sql<FoundPlace[]>`
    SELECT quote_ident(current_user) AS user, quote_ident(current_database()) AS database,
      quote_ident(current_schema()) AS schema, current_setting('search_path') AS path,
      current_setting('server_encoding') AS encoding,
      ARRAY(
        SELECT quote_ident(nspname) FROM pg_namespace
        WHERE nspname = ANY (array_replace(
            string_to_array(translate(current_setting('search_path'), '" ', ''), ','),
            '$user', current_user::text))
          AND NOT has_schema_privilege(oid, 'USAGE')
      ) AS closed`;
  const { user, database, schema, path, closed, encoding } = found!;
  if (encoding !== "UTF8") {
    throw new AppError(
      "CONFIG_INVALID",
      `The database ${database} keeps texts as ${encoding}, which cannot hold the titles of every ` +
        `language: UTF8 can. Make another with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' ` +
        `LOCALE 'C', and name it in DATABASE_URL`,
    );
  }
  if (schema !== null) return { user, database, schema };
  if (closed.length > 0) {
    throw new AppError(
      "DATABASE_REFUSED",
      `The user ${user} may not use the schema ${closed[0]}. An administrator permits it in the ` +
        `database ${database}: GRANT USAGE ON SCHEMA ${closed[0]} TO ${user}`,
    );
  }
  throw new AppError(
    "CONFIG_INVALID",
    `None of the schemas in search_path (${path}) exists in the database ${database}: create one ` +
      `(CREATE SCHEMA … AUTHORIZATION ${user}), or correct DATABASE_URL`,
  );
}

// About migrate.ts, migration_refusal.ts
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import {
  migrate,
  type Migration,
  readMigrations,
} from "../../../src/database/migrations/migrate.ts";
import { explainRefusal } from "../../../src/database/migrations/migration_refusal.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { AppError } from "../../../src/errors.ts";
import {
  clusterTest,
  type PostgresCluster,
  startCluster,
} from "../../support/postgres/postgres_cluster.ts";

const migrations = await readMigrations();

/** The service's user in these tests; what it may do is each situation's. */
const ROLES = "CREATE ROLE app LOGIN; CREATE ROLE owner LOGIN";
const ROWS = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app";

interface Situation {
  readonly name: string;
  /** Run by the superuser in the new database. */
  readonly prepared?: string;
  /** Migrations that the tables' owner has run, in public, before the service comes. */
  readonly ownersMigrations?: readonly Migration[];
  /** Run by the superuser after that. */
  readonly granted?: string;
  readonly searchPath?: string;
  readonly created?: string;
  /** What the service says, in part; it migrates in silence when there is nothing. */
  readonly says?: readonly string[];
  /** What the superuser then runs as the sentence says; it must help. */
  readonly helped?: string;
}

const OWNED = "GRANT CREATE ON SCHEMA public TO app; GRANT CREATE ON DATABASE {database} TO app";

const SITUATIONS: readonly Situation[] = [
  {
    name: "a user that may only read and write rows, on a migrated database",
    ownersMigrations: migrations,
    granted: `GRANT ${ROWS}`,
  },
  {
    name: "a user that may only read and write rows, on a database that lacks a migration",
    // The first that is lacking changes a table.
    ownersMigrations: migrations.filter(({ version }) => version < 19),
    granted: `GRANT ${ROWS}; GRANT SELECT, INSERT ON schema_migration TO app`,
    says: [
      "Migration 0019 (",
      "must be owner of table",
      "Run deno task migrate as the owner",
    ],
  },
  {
    name: "a user that may not write one of the tables",
    ownersMigrations: migrations,
    granted: `GRANT ${ROWS}; REVOKE DELETE ON run FROM app`,
    says: ["The user app may not read and write all rows of run.", `GRANT ${ROWS}`],
    helped: `GRANT ${ROWS}`,
  },
  {
    name: "a table that somebody removed",
    ownersMigrations: migrations,
    granted: `GRANT ${ROWS}; DROP TABLE alert`,
    says: ["The schema public of the database", "lacks alert", "removed since"],
  },
  {
    name: "a new database, where users may make no tables in public",
    prepared: "CREATE EXTENSION pg_trgm",
    says: [
      "Migration 0001 (create_the_backfill_log) fails, and nothing of it is kept",
      "permission denied for schema public",
      "GRANT USAGE, CREATE ON SCHEMA public TO app",
    ],
    helped: "GRANT USAGE, CREATE ON SCHEMA public TO app",
  },
  { name: "a user with all rights on a new database", prepared: OWNED },
  {
    name: "the extension in a schema of its own, as Supabase keeps it",
    prepared: "CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm WITH SCHEMA extensions; " +
      "GRANT USAGE ON SCHEMA extensions TO app; GRANT CREATE ON SCHEMA public TO app",
  },
  {
    name: "the extension in a schema that the user may not use",
    prepared: "CREATE SCHEMA extensions; CREATE EXTENSION pg_trgm WITH SCHEMA extensions; " +
      "GRANT CREATE ON SCHEMA public TO app",
    says: ["pg_trgm is in the schema extensions", "GRANT USAGE ON SCHEMA extensions TO app"],
    helped: "GRANT USAGE ON SCHEMA extensions TO app",
  },
  {
    name: "no extension, and a user that may not make it",
    prepared: "GRANT CREATE ON SCHEMA public TO app",
    says: [
      "Migration 0006 (enable_trigram_search_on_titles) fails",
      "CREATE EXTENSION pg_trgm WITH SCHEMA public",
    ],
    helped: "CREATE EXTENSION pg_trgm WITH SCHEMA public",
  },
  {
    name: "no schema public",
    prepared: "DROP SCHEMA public; CREATE SCHEMA app AUTHORIZATION app; " +
      "GRANT CREATE ON DATABASE {database} TO app",
  },
  {
    name: "a table of another program with a name of ours",
    prepared: `${OWNED}; CREATE TABLE work (id int)`,
    says: [
      "Migration 0005 (create_works_editions_and_authors) fails",
      'relation "work" already exists',
      "CREATE SCHEMA alexandria AUTHORIZATION app",
      "search_path=alexandria",
    ],
    helped: "CREATE SCHEMA app AUTHORIZATION app",
  },
  {
    name: "a schema of the user's own beside the tables of another program",
    prepared:
      `${OWNED}; CREATE TABLE schema_migration (version text); CREATE TABLE work (id int); ` +
      "CREATE SCHEMA app AUTHORIZATION app",
  },
  {
    name: "a schema that the user may not use",
    prepared: "CREATE SCHEMA books",
    searchPath: "books",
    says: ["The user app may not use the schema books", "GRANT USAGE ON SCHEMA books TO app"],
  },
  {
    name: "a schema that does not exist",
    searchPath: "nowhere",
    says: ["(nowhere) exists in the database", "CREATE SCHEMA … AUTHORIZATION app"],
  },
  {
    name: "texts in LATIN1",
    created: "ENCODING 'LATIN1' LOCALE 'C'",
    prepared: OWNED,
    says: ["keeps texts as LATIN1", "ENCODING 'UTF8' LOCALE 'C'"],
  },
  {
    name: "texts in no encoding at all",
    created: "ENCODING 'SQL_ASCII' LOCALE 'C'",
    prepared: OWNED,
    says: ["keeps texts as SQL_ASCII"],
  },
];

clusterTest("migrate() makes do with what is permitted, or says what to permit", async (test) => {
  const cluster = await startCluster({ sql: ROLES });
  try {
    for (const [index, situation] of SITUATIONS.entries()) {
      await test.step({
        name: situation.name,
        sanitizeOps: false,
        sanitizeResources: false,
        fn: () => check(situation, { cluster, database: `books_${index}` }),
      });
    }
    await test.step("an extension that is not installed", () => checkNotInstalled(cluster));
  } finally {
    await cluster.remove();
  }
});

async function check(
  { prepared = "", ownersMigrations = [], granted = "", searchPath, created = "", says, helped }:
    Situation,
  { cluster, database }: { cluster: PostgresCluster; database: string },
): Promise<void> {
  const administer = (sql: string): Promise<void> =>
    cluster.execute(`\\connect ${database}\n${sql.replaceAll("{database}", database)}`);
  await cluster.execute(`CREATE DATABASE ${database} TEMPLATE template0 ${created}`);
  await administer(prepared);
  if (ownersMigrations.length > 0) {
    await administer(`GRANT CREATE ON SCHEMA public TO owner;
      GRANT CREATE ON DATABASE ${database} TO owner`);
    await migrateAs("owner", ownersMigrations);
  }
  await administer(granted);

  async function migrateAs(user: string, all: readonly Migration[]): Promise<string[]> {
    const url = `postgres://${user}@127.0.0.1:${cluster.port}/${database}`;
    const options = searchPath === undefined ? {} : { searchPath };
    const { sql, close } = await openServerDatabase(url, { maxConnections: 2, ...options });
    try {
      return await migrate(sql, all);
    } finally {
      await close();
    }
  }

  if (says !== undefined) {
    const { message } = await assertRejects(() => migrateAs("app", migrations), AppError);
    for (const words of says) assertStringIncludes(message, words);
    if (helped === undefined) return;
    await administer(helped);
  }
  const applied = await migrateAs("app", migrations);
  if (says === undefined) assertEquals(applied.length, migrations.length - ownersMigrations.length);
}

async function checkNotInstalled({ url }: PostgresCluster): Promise<void> {
  const { sql, close } = await openServerDatabase(url, { maxConnections: 1 });
  const place = { user: "app", database: "books", schema: "public" };
  const { message } = await assertRejects(async () => {
    try {
      await sql`CREATE EXTENSION no_such_extension`;
    } catch (error) {
      throw explainRefusal(error, { what: "Migration 0006", place });
    } finally {
      await close();
    }
  }, AppError);
  assertMatch(message, /^Migration 0006 fails, .*no_such_extension.*postgresql-contrib/);
}

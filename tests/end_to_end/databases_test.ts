import { assert, assertEquals, assertGreater } from "@std/assert";
import { migrate, readMigrations } from "../../src/database/migrations/migrate.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import { type BooksOfAYear, runYear } from "../support/books/books_of_a_year.ts";
import {
  clusterTest,
  type PostgresCluster,
  startCluster,
} from "../support/postgres/postgres_cluster.ts";
import { createAuthority } from "../support/network/private_certificates.ts";
import { shelf, storeFor } from "../support/books/store_for_month.ts";

/** How a server can be set up, and what is then done to it. */
interface Cell {
  readonly name: string;
  /** Options of `CREATE DATABASE`. */
  readonly created?: string;
  /** Run by the superuser in the new database `{database}`, for the user `app`. */
  readonly prepared: string;
  /** The tables are made by another user before. */
  readonly isMigrated?: boolean;
  /** What comes behind the name of the database; `{authority}` is the file of the private one. */
  readonly parameters?: string;
  readonly host?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly disturb?: (cluster: PostgresCluster) => Promise<void>;
}

const OWNED = "GRANT CREATE ON DATABASE {database} TO app; GRANT CREATE ON SCHEMA public TO app";
const ALTER = "ALTER ROLE app IN DATABASE {database} SET";

const CELLS: readonly Cell[] = [
  {
    name: "a user that may only read and write rows",
    prepared: "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app",
    isMigrated: true,
  },
  { name: "the locale C", created: "ENCODING 'UTF8' LOCALE 'C'", prepared: OWNED },
  {
    name: "the settings of another country",
    prepared: `CREATE SCHEMA books AUTHORIZATION app; GRANT CREATE ON DATABASE {database} TO app;
      ${ALTER} search_path = books;
      ${ALTER} TimeZone = 'Pacific/Auckland';
      ${ALTER} DateStyle = 'SQL, DMY';
      ${ALTER} IntervalStyle = 'sql_standard';
      ${ALTER} standard_conforming_strings = off;
      ${ALTER} extra_float_digits = 0;
      ${ALTER} array_nulls = off;
      ${ALTER} client_encoding = 'LATIN1'`,
  },
  {
    name: "TLS by name, with a private authority",
    prepared: OWNED,
    host: "db.example.test",
    parameters: "?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={authority}",
  },
  {
    name: "TLS by IP address, with a private authority",
    prepared: OWNED,
    parameters: "?sslmode=verify-full&sslrootcert={authority}",
  },
  {
    name: "fewer connections than the service would like",
    prepared: `${OWNED}; ALTER ROLE app CONNECTION LIMIT 2`,
    settings: { DATABASE_CONNECTIONS: "6" },
  },
  {
    name: "a restart in the middle",
    prepared: OWNED,
    async disturb(cluster) {
      await cluster.stop("fast");
      await cluster.start();
    },
  },
  {
    name: "a crash in the middle",
    prepared: OWNED,
    async disturb(cluster) {
      await cluster.stop("immediate");
      await cluster.start();
    },
  },
];

clusterTest("every database makes the same books of a year", async (test) => {
  const authority = await createAuthority();
  const certificate = await authority.sign("db", ["DNS:db.example.test", "IP:127.0.0.1"]);
  const cluster = await startCluster({
    certificate,
    sql: "CREATE ROLE app LOGIN; CREATE ROLE owner LOGIN",
  });
  try {
    let expected: BooksOfAYear | null = null;
    const all = [
      { name: "a direct connection", created: "LOCALE 'C.UTF-8'", prepared: OWNED },
      ...CELLS,
    ];
    for (const [index, cell] of all.entries()) {
      await test.step({
        name: cell.name,
        sanitizeOps: false,
        sanitizeResources: false,
        async fn() {
          const made = await runCell(cell, {
            cluster,
            database: `books_${index}`,
            authority: authority.certificatePath,
          });
          expected ??= made;
          assertEquals(made, expected);
          assertGreater(made.queued.length, 120);
        },
      });
    }
    await test.step("titles of every script are compared alike", () => compareTitles(cluster));
  } finally {
    await cluster.remove();
    await authority.remove();
  }
});

async function runCell(
  cell: Cell,
  { cluster, database, authority }: {
    cluster: PostgresCluster;
    database: string;
    authority: string;
  },
): Promise<BooksOfAYear> {
  const { created = "", prepared, host = "127.0.0.1", parameters = "", settings = {} } = cell;
  const address = `${host}:${cluster.port}/${database}`;
  await cluster.execute(`
    CREATE DATABASE ${database} TEMPLATE template0 ${created} OWNER owner;
    ALTER ROLE app CONNECTION LIMIT -1;
    \\connect ${database}
    GRANT CREATE ON SCHEMA public TO owner;
    ${cell.isMigrated ? "SET ROLE owner;" : ""}
    ${prepared.replaceAll("{database}", database)}`);
  if (cell.isMigrated) {
    const { sql, close } = await openServerDatabase(`postgres://owner@${address}`);
    await migrate(sql, await readMigrations());
    await close();
  }
  return await runYear({
    url: `postgres://app@${address}${parameters.replace("{authority}", authority)}`,
    watchUrl: `${cluster.url.replace(/postgres$/, database)}?search_path=books,public`,
    settings,
    disturb: async () => await cell.disturb?.(cluster),
  });
}

/** Two spellings of a title are one work, whichever letters the locale knows. */
async function compareTitles(cluster: PostgresCluster): Promise<void> {
  await cluster.execute("CREATE DATABASE letters TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
  const database = await openServerDatabase(
    `postgres://postgres@127.0.0.1:${cluster.port}/letters`,
  );
  try {
    await migrate(database.sql, await readMigrations());
    const author = "Лев Толстой";
    for (const [index, title] of ["Анна Каренина", "Анна Каренинна"].entries()) {
      const isbns = index === 0 ? [] : ["9781402894626"];
      await storeFor(database, { month: index + 3, books: [{ title, author, isbns }] });
    }
    const works = await shelf(database);
    assert(works.length === 1, JSON.stringify(works));
  } finally {
    await database.close();
  }
}

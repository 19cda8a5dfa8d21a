import { openServerDatabase } from "../../../src/database/server/server_database.ts";

/** A whole database of a test's own on a server, empty at first. */
export interface OwnDatabase {
  readonly url: string;
  /** Removes it, and what a demo made beside it. */
  drop(): Promise<void>;
}

/** Makes a database on the server at `databaseUrl`. */
export async function createOwnDatabase(databaseUrl: string): Promise<OwnDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = await openServerDatabase(databaseUrl, { maxConnections: 1 });
  await admin.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop(): Promise<void> {
      for (const made of [`${name}_demo`, name]) {
        await admin.execute(`DROP DATABASE IF EXISTS ${made} WITH (FORCE)`);
      }
      await admin.close();
    },
  };
}

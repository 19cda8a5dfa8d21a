import { openServerDatabase } from "../../../src/database/server/server_database.ts";

/** A schema of its own on a server, and the URL under which it looks like a whole database. */
export interface ServerSchema {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty schema on the server at `databaseUrl`. */
export async function createServerSchema(databaseUrl: string): Promise<ServerSchema> {
  const schema = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = await openServerDatabase(databaseUrl, { maxConnections: 1 });
  await admin.sql.unsafe(`CREATE SCHEMA ${schema}`);
  const url = new URL(databaseUrl);
  url.searchParams.set("search_path", `${schema},public`);
  return {
    url: url.href,
    async drop(): Promise<void> {
      await admin.sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
      await admin.close();
    },
  };
}

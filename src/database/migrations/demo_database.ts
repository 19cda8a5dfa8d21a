import { AppError } from "../../errors.ts";
import type { Database } from "../connection/connection.ts";
import { markAsDemo } from "./demo_mark.ts";
import { openServerDatabase } from "../server/server_database.ts";

/** Postgres cuts longer names off. */
const MAX_NAME_BYTES = 63;
const SUFFIX = "_demo";

// SQLSTATEs
const NOT_PERMITTED = "42501";
const IN_USE = "55006";

/**
 * Makes the database of a demo on the server at `url`, beside the one that `url` names and called like
 * it with `_demo`; nothing is written to that one. What an earlier demo left is removed unless
 * `isKept`. Returns the URL of the demo's database.
 *
 * Throws `AppError` CONFIG_INVALID when there is one of that name that is no demo's, when a demo is
 * using it, or when the user of `url` may not make databases.
 */
export async function prepareDemoDatabase(
  url: string,
  { isKept }: { isKept: boolean },
): Promise<string> {
  const { demoUrl, name } = nameDemo(url);
  const server = await openServerDatabase(url, { maxConnections: 1 });
  try {
    const found = await server.sql`SELECT 1 FROM pg_database WHERE datname = ${name}`;
    if (found.length > 0 && isKept) return demoUrl;
    if (found.length > 0) await removeDemo(server, { demoUrl, name });
    // Whatever the server's own is: this locale goes with every encoding.
    const texts = "ENCODING 'UTF8' LOCALE 'C'";
    await server.execute(`CREATE DATABASE ${quoted(name)} TEMPLATE template0 ${texts}`);
    return demoUrl;
  } catch (error) {
    throw explained(error, name);
  } finally {
    await server.close();
  }
}

/** The search path belongs to the schemas of the database that is left alone. */
function nameDemo(url: string): { demoUrl: string; name: string } {
  const demo = new URL(url);
  const beside = decodeURIComponent(demo.pathname.slice(1)) || demo.username || "postgres";
  const bytes = new TextEncoder().encode(beside).slice(0, MAX_NAME_BYTES - SUFFIX.length);
  const name = new TextDecoder().decode(bytes).replace(/\uFFFD$/, "") + SUFFIX;
  demo.pathname = `/${encodeURIComponent(name)}`;
  demo.searchParams.delete("search_path");
  return { demoUrl: demo.href, name };
}

async function removeDemo(
  server: Database,
  { demoUrl, name }: { demoUrl: string; name: string },
): Promise<void> {
  const demo = await openServerDatabase(demoUrl, { maxConnections: 1 });
  try {
    await markAsDemo(demo); // or it is no demo's, and stays
  } finally {
    await demo.close();
  }
  await server.execute(`DROP DATABASE ${quoted(name)}`);
}

function explained(error: unknown, name: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === NOT_PERMITTED) {
    return new AppError(
      "CONFIG_INVALID",
      `The user of DATABASE_URL may not make the database ${name}, which the demo needs to leave ` +
        `yours alone: permit it (ALTER ROLE … CREATEDB), or unset DATABASE_URL for the embedded one`,
      { cause: error },
    );
  }
  if (code === IN_USE) {
    return new AppError(
      "CONFIG_INVALID",
      `The database ${name} is in use, by another demo or by somebody who looks into it: end that, ` +
        `or go on with what is there (--keep)`,
      { cause: error },
    );
  }
  return error;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import { assertEquals } from "@std/assert";
import { type Clock, systemClock } from "../../src/clock.ts";
import { composeProviders } from "../../src/app/compose_providers.ts";
import { parseConfig } from "../../src/config.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { createLog } from "../../src/log.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { withSimulator } from "../simulator/with_simulator.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

/** A clock that stands still, so that turns lie exactly as far apart as they are taken. */
const standing: Clock = {
  ...systemClock,
  now: () => NOW,
  sqlNow: () => NOW,
  monotonicMs: () => 0,
  sleep: () => Promise.resolve(),
};

/** How far apart all processes together ask Open Library, with these settings, in ms. */
async function spacingOf(
  database: Database,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  let calls = 0;
  await withSimulator({}, async ({ url }) => {
    const config = parseConfig({
      ALEXANDRIA_WEBHOOK_SECRET: "sixteen-letters!",
      OPEN_LIBRARY_BASE_URL: `${url}/open_library`,
      RESOLVERS: "open_library",
      ...settings,
    });
    const { resolvers } = composeProviders(config, { database, clock: standing, log: createLog() });
    const query = {
      title: "Emma",
      author: "Jane Austen",
      ...NO_SERIES,
      year: 1815,
      month: null,
      language: "en",
    };
    const context = { signal: new AbortController().signal, onCall: () => void calls++ };
    await resolvers[0]?.[0]?.find(query, context);
  });
  const [row] = await database.sql<{ next_free_at: Date }[]>`
    SELECT next_free_at FROM provider_rate WHERE provider = 'open_library'`;
  await database.sql`DELETE FROM provider_rate`;
  return ((row?.next_free_at.getTime() ?? NaN) - NOW.getTime()) / calls;
}

databaseTest("composeProviders() asks Open Library faster with CONTACT", async (database) => {
  const contact = { CONTACT: "ops@books.example" };
  assertEquals(await spacingOf(database, {}), 1_100);
  assertEquals(await spacingOf(database, contact), 550);
  assertEquals(await spacingOf(database, { ...contact, OPEN_LIBRARY_RATE_PER_SECOND: "4" }), 275);
});

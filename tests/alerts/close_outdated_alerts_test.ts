import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { listOpenAlerts, openAlert } from "../../src/database/alerts/alerts.ts";
import type { GeneratorIdentity } from "../../src/domain/providers/provider_lineup.ts";
import { closeOutdatedAlerts } from "../../src/alerts/close_outdated_alerts.ts";
import { createLog } from "../../src/log.ts";
import { databaseTest } from "../support/postgres/databases.ts";

const gemini: GeneratorIdentity = { name: "gemini", kind: "model", model: "some-model" };

databaseTest("closeOutdatedAlerts() closes what a restart has answered", async (database) => {
  const words = { cause: "for some reason", advice: "do something", at: null };
  const open = async (): Promise<string[]> => {
    const alerts = await listOpenAlerts(database.sql);
    return alerts.map(({ kind, subject }) => `${kind} ${subject}`.trim());
  };
  const closeWith = (generators: readonly GeneratorIdentity[]): Promise<void> =>
    closeOutdatedAlerts({
      database,
      clock: systemClock,
      log: createLog(),
      lineup: { generators, resolvers: [], checker: null },
    });
  await openAlert(database.sql, { kind: "generator_refused", subject: "gemini", ...words });
  await openAlert(database.sql, { kind: "generator_refused", subject: "xai", ...words });
  await openAlert(database.sql, { kind: "no_generator", subject: "", ...words });
  await openAlert(database.sql, { kind: "generators_down", subject: "", ...words });
  await openAlert(database.sql, { kind: "other_host", subject: "isbndb", ...words });
  await closeWith([gemini]);
  assertEquals(await open(), ["generator_refused gemini", "generators_down"]);
  await openAlert(database.sql, { kind: "no_generator", subject: "", ...words });
  await closeWith([]);
  assertEquals(await open(), ["generators_down", "no_generator"]);
});

databaseTest(
  "closeOutdatedAlerts() leaves what concerns a resolver that is still asked",
  async (database) => {
    const words = { cause: "for some reason", advice: "do something", at: null };
    await openAlert(database.sql, { kind: "other_host", subject: "isbndb", ...words });
    const lineup = {
      generators: [gemini],
      resolvers: [[{ name: "isbndb" as const }]],
      checker: null,
    };
    await closeOutdatedAlerts({ database, clock: systemClock, log: createLog(), lineup });
    assertEquals((await listOpenAlerts(database.sql)).map(({ kind }) => kind), ["other_host"]);
  },
);

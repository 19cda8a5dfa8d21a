import { assertEquals } from "@std/assert";
import { closeAlerts, listOpenAlerts, openAlert } from "../../../src/database/alerts/alerts.ts";
import { databaseTest } from "../../support/postgres/databases.ts";

const at = new Date("2026-11-21T12:00:00Z");
const later = new Date("2026-11-21T13:00:00Z");
const down = { kind: "generators_down", subject: "", advice: "Wait" } as const;
const refused = { kind: "generator_refused", subject: "xai", advice: "Set a new key" } as const;

databaseTest("an alert is open once and keeps its cause up to date", async ({ sql }) => {
  assertEquals(await openAlert(sql, { ...down, cause: "gemini is silent", at }), true);
  assertEquals(await openAlert(sql, { ...down, cause: "gemini is silent", at: later }), false);
  assertEquals(await openAlert(sql, { ...down, cause: "gemini answers 503", at: later }), false);
  assertEquals(await openAlert(sql, { ...refused, cause: "wrong key", at: later }), true);
  const open = await listOpenAlerts(sql);
  assertEquals(open.map(({ kind, subject, cause }) => ({ kind, subject, cause })), [
    { kind: "generators_down", subject: "", cause: "gemini answers 503" },
    { kind: "generator_refused", subject: "xai", cause: "wrong key" },
  ]);
  assertEquals(open[0]!.opened_at, at);
});

databaseTest("closing an alert closes no other, and the next one is a new one", async ({ sql }) => {
  await openAlert(sql, { ...down, cause: "gemini is silent", at });
  await openAlert(sql, { ...refused, cause: "wrong key", at });
  await openAlert(sql, { ...refused, subject: "gemini", cause: "wrong key", at });
  const gone = [down, { kind: "generator_refused", subject: "gemini" }] as const;
  assertEquals((await closeAlerts(sql, { alerts: gone, at: later })).length, 2);
  assertEquals((await closeAlerts(sql, { alerts: gone, at: later })).length, 0);
  assertEquals(await closeAlerts(sql, { alerts: [], at: later }), []);
  assertEquals((await listOpenAlerts(sql)).map(({ subject }) => subject), ["xai"]);
  assertEquals(await openAlert(sql, { ...down, cause: "again", at: later }), true);
  const [row] = await sql`SELECT count(*)::int AS count FROM alert WHERE kind = 'generators_down'`;
  assertEquals(row!.count, 2);
});

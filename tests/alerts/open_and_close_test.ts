import { assertEquals } from "@std/assert";
import { endAlerts, raiseAlert } from "../../src/alerts/open_and_close.ts";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import { createLog } from "../../src/log.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { withCollectedLog } from "../support/service/collected_log.ts";

databaseTest("the log hears of an alert when it opens and when it closes, once", ({ sql }) => {
  const log = createLog();
  const alert = { kind: "other_host", subject: "isbndb" } as const;
  const words = { cause: "it says so", advice: "do something", at: null };
  return withCollectedLog(async (events) => {
    await endAlerts(sql, { alerts: [alert], at: null }, { log });
    assertEquals(events, []);
    await raiseAlert(sql, { ...alert, ...words }, { log });
    await raiseAlert(sql, { ...alert, ...words, cause: "it says so again" }, { log });
    assertEquals(events, ["alert_opened"]);
    for (let time = 0; time < 2; time++) {
      await endAlerts(sql, { alerts: [alert], at: null }, { log });
    }
    assertEquals(events, ["alert_opened", "alert_closed"]);
    assertEquals((await listOpenAlerts(sql)).length, 0);
  }, { level: "info" });
});

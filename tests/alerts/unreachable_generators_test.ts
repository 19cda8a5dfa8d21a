// About generator_alerts.ts
import { type AddressInfo, createServer } from "node:net";
import { assertEquals, assertMatch } from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import { freePort } from "../support/network/free_port.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

/** Snoozes that do not end by themselves within a test. */
const settings = { GENERATORS: "gemini", SNOOZE_SECONDS: "3600", RESOLVERS: "open_library" };

interface Places {
  /** Resets every connection as soon as it is asked something. */
  readonly resetting: string;
  /** Speaks HTTP, and no TLS. */
  readonly plain: string;
}

/** Why a model can't be reached, where that is so, and what the alert then says. */
const UNREACHABLE: Readonly<Record<string, { where(places: Places): string; said: RegExp }>> = {
  "its name is not known": {
    where: () => "http://nowhere.invalid",
    said: /^gemini can't be reached: dns error/,
  },
  "nobody listens": {
    where: () => `http://127.0.0.1:${freePort()}`,
    said: /^gemini can't be reached: .*refused/i,
  },
  "it speaks no TLS": {
    where: ({ plain }) => plain.replace("http:", "https:"),
    said: /^gemini can't be reached: .*(tls|corrupt|InvalidContentType)/i,
  },
  "it resets connections": {
    where: ({ resetting }) => resetting,
    said: /^The connection to gemini broke before the answer was complete: .*reset/i,
  },
};

for (const [why, { where, said }] of Object.entries(UNREACHABLE)) {
  Deno.test({
    name: `the alert about a model that can't be reached says that ${why}`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const server = createServer((socket) => {
        socket.on("error", () => {}); // of the reset, which is ours
        socket.on("data", () => socket.resetAndDestroy());
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const resetting = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await withPlace("embedded", async (given) => {
        const address = where({ resetting, plain: given.simulator.url });
        const environment = { ...given.environment, GEMINI_BASE_URL: address };
        await withApp({ ...given, environment }, async ({ call, quiet, sql }) => {
          await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
          await call("/api/internal/schedule-backfill", { batch_size: 1 });
          await quiet();
          const [alert, ...others] = await listOpenAlerts(sql);
          assertEquals([alert?.kind, others.length], ["generators_down", 0]);
          assertMatch(alert!.cause, said);
        });
      }, { settings });
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

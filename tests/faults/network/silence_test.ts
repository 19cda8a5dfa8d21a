import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import {
  BUSY_LATENCY,
  untilEnded,
  untilReady,
  withBusyService,
} from "../../support/months/busy_service.ts";
import { TEST_DATABASE_URL } from "../../support/postgres/databases.ts";
import { assertUndisturbed, untilCompleted } from "../../support/months/months_at_work.ts";
import type { ServiceProcess } from "../../support/service/service_process.ts";
import { type SilentProxy, startSilentProxy } from "../../support/database_faults/silent_proxy.ts";
import { type TestPlace, withApp, withPlace } from "../../support/service/test_app.ts";

const MONTHS = 24;
/** How long packets are dropped; five minutes by hand, as in the reports this is about. */
const SILENCE_MS = 1000 * Number(Deno.env.get("TEST_SILENCE_SECONDS") ?? 15);
const LIMIT_MS = SILENCE_MS + 300_000;

const settings = { DATABASE_STATEMENT_SECONDS: "3", SHUTDOWN_GRACE_SECONDS: "2" };
const SILENCES = { "open connections": false, "open and new connections": true } as const;

for (const [what, isNewSilent] of Object.entries(SILENCES)) {
  networkTest(`${MONTHS} months outlive the silence of ${what}`, async (busy) => {
    const { place, proxy, service } = busy;
    proxy.silence({ isNewSilent });
    if (isNewSilent) {
      const { code } = await untilReady(service, 503);
      assertEquals(code, "DATABASE_UNREACHABLE");
      await systemClock.sleep(SILENCE_MS);
      assertEquals((await service.call("/healthz")).status, 200);
      proxy.mend();
      await untilReady(service, 200);
    }
    await untilCompleted(place, { count: MONTHS, limitMs: LIMIT_MS });
    await assertUndisturbed(place, MONTHS);
    service.kill("SIGTERM");
    assertEquals((await untilEnded(service)).code, 0);
  });

  networkTest(`SIGTERM ends the service amid the silence of ${what}`, async (busy) => {
    const { place, proxy, service } = busy;
    proxy.silence({ isNewSilent });
    service.kill("SIGTERM");
    const { code, stderr } = await untilEnded(service);
    assertEquals(code, 0, stderr);
    proxy.mend();
    await withApp(place, async ({ settled }) => {
      await settled();
      await assertUndisturbed(place, MONTHS);
    });
  });
}

networkTest(`${MONTHS} months outlive resets in the middle of transactions`, async (busy) => {
  const { place, proxy, service } = busy;
  const enough = 30;
  while (proxy.resets() < enough) {
    proxy.resetInTransactions(1);
    await systemClock.sleep(100);
  }
  await untilCompleted(place, { count: MONTHS, limitMs: LIMIT_MS });
  assert(proxy.resets() >= enough);
  await assertUndisturbed(place, MONTHS);
  service.kill("SIGTERM");
  assertEquals((await untilEnded(service)).code, 0);
});

interface Busy {
  readonly place: TestPlace;
  readonly proxy: SilentProxy;
  readonly service: ServiceProcess;
}

/** Registers a test that begins when the service, in its own process, is in the middle of its months. */
function networkTest(name: string, body: (busy: Busy) => Promise<void>): void {
  Deno.test({
    name: `${name} [server]`,
    ignore: TEST_DATABASE_URL === null,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace("server", async (place) => {
        const url = new URL(place.environment.DATABASE_URL!);
        const target = { hostname: url.hostname, port: Number(url.port || 5432) };
        const proxy = await startSilentProxy(target);
        url.port = String(proxy.port);
        url.searchParams.set("connect_timeout", "2");
        const options = { months: MONTHS, settings: { DATABASE_URL: url.href } };
        try {
          await withBusyService(place, options, (service) => body({ place, proxy, service }));
        } finally {
          await proxy.close();
        }
      }, { latency: BUSY_LATENCY, settings }),
  });
}

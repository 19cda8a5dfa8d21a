import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { TEST_DATABASE_URL } from "../../support/databases.ts";
import { assertUndisturbed, startMonths, untilCompleted } from "../../support/months_at_work.ts";
import { type ServiceProcess, startService } from "../../support/service_process.ts";
import { type SilentProxy, startSilentProxy } from "../../support/silent_proxy.ts";
import { type TestPlace, withApp, withPlace } from "../../support/test_app.ts";

const MONTHS = 24;
/** How long packets are dropped; five minutes by hand, as in the reports this is about. */
const SILENCE_MS = 1000 * Number(Deno.env.get("TEST_SILENCE_SECONDS") ?? 15);
const LIMIT_MS = SILENCE_MS + 300_000;
/** Generous: only that it ends at all is asked. */
const STOP_LIMIT_MS = 60_000;

const latency = { open_library: { min_ms: 20, max_ms: 60 }, gemini: { min_ms: 50, max_ms: 200 } };
const settings = { DATABASE_STATEMENT_SECONDS: "3", SHUTDOWN_GRACE_SECONDS: "2" };
const SILENCES = { "open connections": false, "open and new connections": true } as const;

for (const [what, isNewSilent] of Object.entries(SILENCES)) {
  networkTest(`${MONTHS} months outlive the silence of ${what}`, async (busy) => {
    const { place, proxy, service } = busy;
    proxy.silence({ isNewSilent });
    if (isNewSilent) {
      const { body } = await untilReady(service, 503);
      assertEquals(body.code, "DATABASE_UNREACHABLE");
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
        const service = await startService(place, { settings: { DATABASE_URL: url.href } });
        try {
          await startMonths(service, MONTHS);
          while (place.simulator.journal.count({ service: "open_library" }) === 0) {
            await systemClock.sleep(5);
          }
          await body({ place, proxy, service });
        } finally {
          service.kill("SIGKILL");
          await service.ended();
          await proxy.close();
        }
      }, { latency, settings }),
  });
}

async function untilReady(
  { call }: ServiceProcess,
  status: number,
): Promise<{ body: Record<string, unknown> }> {
  while (true) {
    const answer = await call("/readyz");
    if (answer.status === status) return { body: answer.body as Record<string, unknown> };
    await systemClock.sleep(100);
  }
}

async function untilEnded(service: ServiceProcess): ReturnType<ServiceProcess["ended"]> {
  const patience = new AbortController();
  const late = systemClock.sleep(STOP_LIMIT_MS, patience.signal).then(() => {
    throw new Error(`The service still runs ${STOP_LIMIT_MS / 1000} s after it was told to stop`);
  });
  const ended = await Promise.race([service.ended(), late]);
  late.catch(() => {}); // called off
  patience.abort();
  return ended;
}

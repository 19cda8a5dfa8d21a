import { assertEquals, assertMatch } from "@std/assert";
import { shiftedClock } from "../support/shifted_clock.ts";
import { appTest } from "../support/service/test_app.ts";

const clock = shiftedClock();
const MINUTE_MS = 60_000;

function pass(ms: number): void {
  clock.put(new Date(clock.now().getTime() + ms).toISOString());
}

appTest("/healthz fails while no rescue has ended for minutes, and says so", async (service) => {
  const health = () => service.call("/healthz", undefined, { secret: null });
  assertEquals((await health()).body, { status: "ok" });
  pass(4 * MINUTE_MS);
  assertEquals((await health()).status, 200);
  pass(3 * MINUTE_MS);
  const { status, body } = await health();
  assertEquals([status, body.status], [503, "stuck"]);
  assertMatch(body.error, /rescue.* has not ended for 7 minutes: .* must be restarted/);
  await service.app.rescue();
  assertEquals((await health()).status, 200);
}, { clock });

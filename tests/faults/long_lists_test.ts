import { assertEquals, assertGreater } from "@std/assert";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";
import { sampleHealth } from "../support/service/health_sampling.ts";
import { startLengtheningProxy } from "../support/network/lengthening_proxy.ts";
import { BUSY_MONTHS, startFrom2012, untilAllCompleted } from "../support/months/service_months.ts";
import { startService } from "../support/service/service_process.ts";
import { placeTest } from "../support/service/test_app.ts";

const RECORDS = 10_000;

placeTest(`${RECORDS} records for one book hold up nothing`, async (place) => {
  await using proxy = startLengtheningProxy(place.simulator.url, { records: RECORDS });
  const service = await startService(place, { settings: simulatorSettings(proxy.url) });
  const sampling = await sampleHealth(service.url);
  await startFrom2012(service, BUSY_MONTHS);
  await untilAllCompleted(service, BUSY_MONTHS);
  await sampling.report(`${place.kind}: ${proxy.lengthened()} long lists`);
  assertGreater(proxy.lengthened(), 0);
  service.kill("SIGTERM");
  const { code, stderr } = await service.ended();
  assertEquals([code, stderr.match(/"event":"(claim_lost|outcome_not_written)"/g)], [0, null]);
});

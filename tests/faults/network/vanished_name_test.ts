import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { BUSY_LATENCY, untilReady, withBusyService } from "../../support/months/busy_service.ts";
import { TEST_DATABASE_URL } from "../../support/postgres/databases.ts";
import { hostNameTest, UNRESOLVED } from "../../support/machine/host_names.ts";
import { withOwnConnection } from "../../support/months/months_at_work.ts";
import { BUSY_MONTHS } from "../../support/months/service_months.ts";
import { startTcpProxy } from "../../support/network/tcp_proxy.ts";
import { withPlace } from "../../support/service/test_app.ts";
import { noteStoredAnswers } from "../asked_again.ts";
import { endUndisturbed } from "./end_undisturbed.ts";

const HOST = "db.example.test";
const GONE_MS = 6_000;

for (const unresolved of UNRESOLVED) {
  hostNameTest(
    `${BUSY_MONTHS} months outlive a database whose name ${unresolved.what} [server]`,
    { host: HOST, unresolved, ignore: TEST_DATABASE_URL === null },
    (name) =>
      withPlace("server", async (place) => {
        await withOwnConnection(place, noteStoredAnswers);
        const url = new URL(place.environment.DATABASE_URL!);
        const proxy = startTcpProxy({ hostname: url.hostname, port: Number(url.port || 5432) });
        url.host = `${HOST}:${proxy.port}`;
        url.searchParams.set("sslmode", "disable");
        const settings = { DATABASE_URL: url.href };
        const options = { months: BUSY_MONTHS, files: name.files, settings };
        try {
          await withBusyService(place, options, async (service) => {
            await name.vanish();
            proxy.cut();
            await untilReady(service, 503);
            // From here on only the name is missing.
            proxy.mend();
            await systemClock.sleep(GONE_MS);
            const { code } = await untilReady(service, 503);
            assertEquals(code, "DATABASE_UNREACHABLE");
            assertEquals((await service.call("/healthz")).status, 200);
            await name.appear();
            const log = await endUndisturbed(place, service, BUSY_MONTHS);
            assertStringIncludes(log, `getaddrinfo ${unresolved.code} ${HOST}`);
          });
        } finally {
          proxy.close();
        }
      }, { latency: BUSY_LATENCY }),
  );
}

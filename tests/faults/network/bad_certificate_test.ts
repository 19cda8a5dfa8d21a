import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { BUSY_LATENCY, untilReady, withBusyService } from "../../support/months/busy_service.ts";
import { withOwnConnection } from "../../support/months/months_at_work.ts";
import { clusterTest, startCluster } from "../../support/postgres/postgres_cluster.ts";
import {
  type Certificate,
  createAuthority,
  type PrivateAuthority,
} from "../../support/network/private_certificates.ts";
import { BUSY_MONTHS } from "../../support/months/service_months.ts";
import { withPlace } from "../../support/service/test_app.ts";
import { noteStoredAnswers } from "../asked_again.ts";
import { endUndisturbed } from "./end_undisturbed.ts";

const HOST = "db.example.test";
const BAD_MS = 6_000;

interface Authorities {
  readonly trusted: PrivateAuthority;
  readonly untrusted: PrivateAuthority;
}

/** What a server may come to show, and what the service's log then says. */
const BAD_CERTIFICATES: Readonly<
  Record<string, { sign(by: Authorities): Promise<Certificate>; said: string }>
> = {
  "of an authority nobody trusts": {
    sign: ({ untrusted }) => untrusted.sign("db", [`DNS:${HOST}`]),
    said: "name the file of the authority that signed it in sslrootcert",
  },
  "for another name": {
    sign: ({ trusted }) => trusted.sign("other", ["DNS:other.example.test"]),
    said: "use a name it is for",
  },
};

for (const [which, { sign, said }] of Object.entries(BAD_CERTIFICATES)) {
  clusterTest(`${BUSY_MONTHS} months outlive a certificate ${which}`, async () => {
    await using cleanup = new AsyncDisposableStack();
    const [trusted, untrusted] = [await createAuthority(), await createAuthority()];
    cleanup.defer(() => Promise.all([trusted.remove(), untrusted.remove()]).then(() => {}));
    const good = await trusted.sign("db", [`DNS:${HOST}`]);
    const cluster = await startCluster({ certificate: good });
    cleanup.defer(() => cluster.remove());
    const url = new URL(cluster.url);
    url.hostname = HOST;
    url.search = String(
      new URLSearchParams({
        hostaddr: "127.0.0.1",
        sslmode: "verify-full",
        sslrootcert: trusted.certificatePath,
      }),
    );
    await withPlace("embedded", async (given) => {
      const place = { ...given, environment: { ...given.environment, DATABASE_URL: cluster.url } };
      await withOwnConnection(place, noteStoredAnswers);
      const settings = { DATABASE_URL: url.href };
      await withBusyService(place, { months: BUSY_MONTHS, settings }, async (service) => {
        await cluster.certify(await sign({ trusted, untrusted }));
        await untilReady(service, 503);
        await systemClock.sleep(BAD_MS);
        const { code } = await untilReady(service, 503);
        assertEquals(code, "DATABASE_UNREACHABLE");
        assertEquals((await service.call("/healthz")).status, 200);
        await cluster.certify(good);
        const log = await endUndisturbed(place, service, BUSY_MONTHS);
        assertStringIncludes(log, said);
      });
    }, { latency: BUSY_LATENCY });
  });
}

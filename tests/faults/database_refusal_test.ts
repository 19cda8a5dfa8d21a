import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import { TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import { assertAllSay } from "../support/service/database_routes.ts";
import { runScript } from "../support/service/run_script.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

Deno.test({
  name: "a database that refuses the service's login is told alike everywhere [server]",
  ignore: TEST_DATABASE_URL === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("server", async (place) => {
      const admin = await openServerDatabase(TEST_DATABASE_URL!, { maxConnections: 1 });
      const url = new URL(place.environment.DATABASE_URL!);
      const schema = url.searchParams.get("search_path")!.split(",")[0];
      const role = `${schema}_service`;
      await admin.sql.unsafe("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public");
      await admin.sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'not-to-be-told'`);
      await admin.sql.unsafe(`GRANT ALL ON SCHEMA ${schema} TO ${role}`);
      url.username = role;
      url.password = "not-to-be-told";
      const environment = { ...place.environment, DATABASE_URL: url.href };
      await withApp({ ...place, environment }, async ({ call }) => {
        await call("/api/internal/seed-backfill-queue", {});
        assertEquals((await call("/readyz")).status, 200);

        await admin.sql.unsafe(`ALTER ROLE ${role} NOLOGIN`);
        await admin.sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE usename = ${role}`;
        // The connections are lost first, and then refused.
        while ((await call("/readyz")).body.code !== "DATABASE_REFUSED") {
          await systemClock.sleep(50);
        }
        const sentence = await assertAllSay(call, "DATABASE_REFUSED");
        assertStringIncludes(sentence, "refuses the service's login");
        for (const word of [role, url.hostname, "not-to-be-told"]) {
          assert(!sentence.includes(word), sentence);
        }
        const stats = await runScript("src/cli/stats.ts", { env: environment });
        assertEquals(stats.code, 1);
        assertStringIncludes(stats.stderr, "is not permitted to log in");
        assert(!stats.stderr.includes("not-to-be-told"));

        await admin.sql.unsafe(`ALTER ROLE ${role} LOGIN`);
        while ((await call("/readyz")).status !== 200) await systemClock.sleep(50);
        assertEquals((await call("/api/internal/backfill-stats")).status, 200);
      });
      await admin.sql.unsafe(`DROP OWNED BY ${role}`);
      await admin.sql.unsafe(`DROP ROLE ${role}`);
      await admin.close();
    }),
});

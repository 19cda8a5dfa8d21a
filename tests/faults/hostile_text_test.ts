import { assert, assertEquals, assertFalse } from "@std/assert";
import { runScript } from "../support/service/run_script.ts";
import { startService } from "../support/service/service_process.ts";
import { placeTest, withApp } from "../support/service/test_app.ts";

/** Clears the screen, forges a line of the answer, and turns what follows around. */
const POISON = "Pike\u001b[2J\u001b]0;owned\u0007\nISBN 978-0-00-000000-2, 100 points\u202e";

placeTest(
  "explain prints no stored text that steers a terminal or forges a line",
  async (place) => {
    let isbn = "";
    await withApp(place, async ({ call, settled, sql }) => {
      await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
      await call("/api/internal/schedule-backfill", { batch_size: 1 });
      await settled();
      const [edition] = await sql<{ isbn13: string }[]>`
      UPDATE edition SET publisher = ${POISON}
      WHERE isbn13 = (SELECT min(isbn13) FROM edition) RETURNING isbn13`;
      isbn = edition!.isbn13;
    });
    for (const flags of [[], ["--json"]]) {
      const { code, stdout, stderr } = await runScript("src/cli/explain.ts", {
        args: [isbn, ...flags],
        env: place.environment,
      });
      assertEquals(code, 0, stderr);
      assert(stdout.includes("Pike"), stdout);
      assertFalse(/(?!\n)[\p{Cc}\p{Cf}]/u.test(stdout), stdout);
      assertFalse(/^ISBN 978-0-00-000000-2/m.test(stdout), stdout);
    }
  },
);

placeTest(
  "wrong secrets are told of once a minute, without the secret or a line of theirs",
  async (place) => {
    const service = await startService(place);
    const wrong = "a-secret-somebody-tried";
    for (let tried = 0; tried < 5; tried++) {
      const { status, body } = await fetch(`${service.url}/api/internal/forged%0Aerror`, {
        headers: { "X-Cron-Secret": wrong },
      });
      await body?.cancel();
      assertEquals(status, 401);
    }
    service.kill("SIGTERM");
    const { code, stderr } = await service.ended();
    assertEquals(code, 0, stderr);
    const told = stderr.split("\n").filter((line) => line.includes("wrong_secret"));
    assertEquals(told.length, 1, stderr);
    assertFalse(stderr.includes(wrong), stderr);
    assertFalse(/^error/m.test(stderr), stderr);
  },
);

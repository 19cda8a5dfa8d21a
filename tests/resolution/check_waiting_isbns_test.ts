import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import { experiment, GEMINI } from "../support/books/experiments.ts";
import { opinionTest, SCHEDULE, seed, storedIsbns } from "../support/books/isbn_checks.ts";
import { shiftedClock } from "../support/shifted_clock.ts";
import { withApp } from "../support/service/test_app.ts";

opinionTest(
  "an operator is told when the wait lasts, and when it is over",
  async (place, opinion) => {
    opinion.mode = "fails";
    await withApp(place, async (service) => {
      const { sql, app, call, settled } = service;
      await seed(service);
      await call(SCHEDULE, { months: ["2012-03"] });
      await settled();
      await app.rescue();
      assertEquals((await listOpenAlerts(sql)).length, 0);
      await sql`UPDATE edition SET check_waits_since = check_waits_since - interval '2 hours'`;
      await app.rescue();
      const [alert, ...others] = await listOpenAlerts(sql);
      assertEquals([alert?.kind, alert?.subject, others.length], ["isbns_unchecked", "isbndb", 0]);
      assertMatch(alert!.cause, /wait.* since .*isbndb/);
      opinion.release();
      await sql`DELETE FROM provider_health`;
    });
    await withApp(place, async ({ sql }) => {
      assertEquals((await listOpenAlerts(sql)).length, 0);
      assertEquals(await storedIsbns(sql, "waiting"), []);
    });
  },
);

opinionTest("a spent quota is waited for until its day is over", async (place, opinion) => {
  opinion.mode = "is spent";
  await withApp(place, async (service) => {
    const { sql, app, call, settled } = service;
    await seed(service);
    await call(SCHEDULE, { months: ["2012-03"] });
    await settled();
    const [month] = await sql`SELECT status, isbns_resolved FROM backfill_log WHERE month = 3`;
    assertEquals(month!.status, "completed");
    assertEquals((await storedIsbns(sql, "waiting")).length, month!.isbns_resolved);
    const shift = async (hours: number) => {
      await sql`UPDATE edition SET check_waits_since = now() - make_interval(hours => ${hours})`;
      await app.rescue();
      return (await listOpenAlerts(sql)).length;
    };
    assertEquals(await shift(20), 0);
    assertEquals(await shift(26), 1);
    assertEquals(opinion.asked.length, 1, "nobody is asked whose day is spent");
  });
});

opinionTest("an experiment stores no ISBN that could not be checked", async (place, opinion) => {
  opinion.mode = "fails";
  await withApp(place, async (service) => {
    const asked = { months: "2012-03", models: [GEMINI], isStoring: true };
    const { results: [silent] } = await experiment(service, asked);
    assertEquals(await storedIsbns(service.sql), []);
    assertGreater(silent!.unavailable, 5);
    assertEquals([silent!.resolved, silent!.books_stored], [0, 0]);

    opinion.release();
    await service.sql`DELETE FROM provider_health`;
    const { results: [heard] } = await experiment(service, asked);
    assertEquals(heard!.resolved, silent!.unavailable);
    assertEquals(await storedIsbns(service.sql, "checked"), [...heard!.isbns].toSorted());
  });
});

opinionTest(
  "a round of checks ends after a minute, and the next one goes on",
  async (place, opinion) => {
    opinion.mode = "fails";
    await withApp(place, async (service) => {
      await seed(service);
      await service.call(SCHEDULE, { months: ["2012-03", "2012-04"] });
      await service.settled();
      await service.sql`DELETE FROM provider_health`;
    });
    const before = opinion.asked.length;
    const clock = shiftedClock();
    opinion.mode = "holds";
    // A process begins with a round.
    const next = withApp(place, async ({ sql, app }) => {
      assertEquals(opinion.asked.slice(before).map(({ length }) => length), [10]);
      assertGreater((await storedIsbns(sql, "waiting")).length, 0);
      await app.rescue();
      assertEquals(await storedIsbns(sql, "waiting"), []);
    }, { clock });
    await Promise.race([opinion.arrived(before + 1), next]);
    clock.put(new Date(clock.now().getTime() + 60_000).toISOString());
    opinion.release();
    await next;
  },
);

import { assertEquals, assertGreater } from "@std/assert";
import {
  assertAllAccountedFor,
  assertTakenBack,
  ended,
  opinionTest,
  rememberForMonths,
  SCHEDULE,
  SEED,
  seed,
  storedIsbns,
} from "../support/books/isbn_checks.ts";
import { startService } from "../support/service/service_process.ts";
import { withApp } from "../support/service/test_app.ts";

opinionTest(
  "a kill between decision and check leaves no ISBN unchecked",
  async (place, opinion) => {
    opinion.mode = "holds";
    const first = await startService(place);
    await first.call(SEED, { year_start: 2012, year_end: 2012 });
    await first.call(SCHEDULE, { months: ["2012-03", "2012-04"] });
    await opinion.arrived(2);
    first.kill("SIGKILL");
    await first.ended();
    const shown = opinion.asked.flat();
    assertGreater(shown.length, 10);
    opinion.disowned.add(shown[0]!);
    opinion.release();
    await withApp(place, async ({ sql, settled }) => {
      await settled();
      assertGreater((await storedIsbns(sql)).length, 10);
      const again = new Set(opinion.asked.slice(2).flat());
      const unchecked = (await storedIsbns(sql)).filter((isbn13) => !again.has(isbn13));
      assertEquals(unchecked, [], "stored, but not checked by anybody who was heard");
      assertEquals(await storedIsbns(sql, "checked"), await storedIsbns(sql));
      await assertTakenBack(sql, shown[0]!);
    });
  },
);

opinionTest(
  "ISBNs wait while nobody can check them, and are checked when somebody can",
  async (place, opinion) => {
    opinion.mode = "fails";
    await withApp(place, async (service) => {
      const { sql, call, settled } = service;
      await seed(service);
      await call(SCHEDULE, { months: ["2012-03", "2012-04"] });
      await settled();
      const stored = await storedIsbns(sql);
      assertGreater(stored.length, 10);
      assertEquals(await storedIsbns(sql, "waiting"), stored);
      const [held] = await sql`SELECT count(*)::int AS count FROM enrichment_queue
        WHERE status = 'held'`;
      assertEquals(held!.count, stored.length, "nothing unchecked is handed out");
      const { body } = await call("/api/internal/backfill-stats");
      assertEquals([body.isbn_checks.waiting, body.isbn_checks.checked], [stored.length, 0]);
      const explained = await call(`/api/internal/explain?about=${stored[0]}`);
      assertEquals(explained.body.books[0].edition.check_state, "waiting");
      const [before] = await sql`SELECT sum(isbns_resolved)::int AS resolved,
        sum(isbns_queued)::int AS queued FROM backfill_log`;
      assertEquals([before!.resolved, before!.queued], [stored.length, stored.length]);

      opinion.release();
      const [wrong, otherWrong] = stored;
      opinion.disowned.add(wrong!).add(otherWrong!);
      // What another process has left behind of the outage; the breaker of this one is new.
      await sql`DELETE FROM provider_health`;
    });
    await withApp(place, async (service) => {
      const { sql, call } = service;
      const stored = await storedIsbns(sql);
      assertEquals(await storedIsbns(sql, "waiting"), []);
      const [wrong, otherWrong] = [...opinion.disowned];
      for (const isbn13 of [wrong!, otherWrong!]) await assertTakenBack(sql, isbn13);
      await assertAllAccountedFor(sql, opinion);
      const [queue] = await sql`SELECT count(*)::int AS count FROM enrichment_queue
        WHERE status = 'pending'`;
      assertEquals(queue!.count, stored.length);
      const named = await sql`SELECT c.title, w.title AS stored FROM candidate c
        JOIN work w ON w.id = c.work_id WHERE w.is_synthetic AND c.verdict = 'ambiguous'`;
      assertGreater(named.length, 1);
      named.forEach(({ title, stored }) => assertEquals(stored, title));
      const missing = await call(`/api/internal/explain?about=${wrong}`);
      assertEquals(missing.status, 404);
    });
  },
);

opinionTest(
  "a month that finds what another is just having checked has it checked too",
  async (place, opinion) => {
    await withApp(place, async (service) => {
      const { sql, call, settled } = service;
      await seed(service);
      // An answer to share, whose books are forgotten again.
      await call(SCHEDULE, { months: ["2012-03"] });
      await settled();
      await rememberForMonths(sql, [5]);
      await sql`TRUNCATE work, author, work_author, edition, candidate, enrichment_queue, resolution,
        evidence`;
      await sql`UPDATE backfill_log SET status = 'pending', started_at = NULL, completed_at = NULL,
        books_generated = 0, isbns_resolved = 0, isbns_queued = 0 WHERE month = 3`;
    });
    const before = opinion.asked.length;
    opinion.mode = "holds";
    await withApp(place, async ({ sql, call, settled }) => {
      await call(SCHEDULE, { months: ["2012-03"] });
      await opinion.arrived(before + 1);
      await call(SCHEDULE, { months: ["2012-05"] });
      await Promise.race([opinion.arrived(before + 2), ended(sql, 5)]);
      assertEquals(opinion.asked.length, before + 2, "both months ask");
      const [wrong] = opinion.asked.at(-1)!;
      opinion.disowned.add(wrong!);
      opinion.release();
      await settled();
      assertGreater((await storedIsbns(sql)).length, 5);
      assertEquals(await storedIsbns(sql, "checked"), await storedIsbns(sql));
      await assertAllAccountedFor(sql, opinion);
      await assertTakenBack(sql, wrong!);
    });
  },
);

opinionTest("a month that meets a waiting ISBN again has it checked", async (place, opinion) => {
  opinion.mode = "fails";
  await withApp(place, async (service) => {
    await seed(service);
    await service.call(SCHEDULE, { months: ["2012-03"] });
    await service.settled();
    await rememberForMonths(service.sql, [5]);
    await service.sql`DELETE FROM provider_health`;
  });
  const [wrong] = opinion.asked[0]!;
  opinion.disowned.add(wrong!);
  await withApp(place, async ({ sql, app, call, quiet }) => {
    // The round of checks at the start of the process has been in vain.
    assertGreater((await storedIsbns(sql, "waiting")).length, 0);
    await sql`DELETE FROM provider_health`;
    opinion.release();
    await call(SCHEDULE, { months: ["2012-05"] });
    await quiet();
    const [may] = await sql`SELECT count(*)::int AS count FROM candidate c
      JOIN backfill_log l ON l.id = c.month_id WHERE l.month = 5 AND c.isbn13 = ${wrong!}`;
    assertEquals(may!.count, 0, "what waits is no proof");
    await app.rescue();
    assertEquals(await storedIsbns(sql, "waiting"), []);
    await assertTakenBack(sql, wrong!);
  });
});

import { assert, assertEquals, assertGreater } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { ResolverName } from "../../src/domain/matching/resolver.ts";
import { PAID_RESOLVERS, RESOLVER_NAMES } from "../../src/domain/providers/provider_names.ts";
import { sameBook } from "../../src/domain/matching/same_book.ts";
import { playsKind, sendsRetryAfter } from "../../src/simulator/faults/fault_plan.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { type ShiftedClock, shiftedClock } from "../support/shifted_clock.ts";
import {
  appTest,
  FEW_CONNECTIONS,
  type PlaceOptions,
  type TestApp,
  withApp,
  withPlace,
} from "../support/service/test_app.ts";

/** What can go wrong with a provider, and what its health then says. */
const OUTAGES = {
  "503": "PROVIDER_UNAVAILABLE",
  "429": "PROVIDER_RATE_LIMITED",
  html: "PROVIDER_BAD_ANSWER",
  broken_json: "PROVIDER_BAD_ANSWER",
  quota: "PROVIDER_QUOTA_SPENT",
  timeout: "PROVIDER_TIMEOUT",
} as const;
type Outage = keyof typeof OUTAGES;
/** These take as long as the client has patience. */
const SLOW: readonly Outage[] = ["timeout", "429"];
const QUICK = (Object.keys(OUTAGES) as Outage[]).filter((kind) => !SLOW.includes(kind));

/** Longer than any obstacle lasts. */
const PAUSE_MS = 25 * 3_600_000;

const DATA = new URL("../../src/simulator/data/", import.meta.url);

/** Title and authors of every ISBN the simulator knows. */
async function catalogue(): Promise<Map<string, { title: string; author: string }[]>> {
  const books = new Map<string, { title: string; author: string }[]>();
  for (const file of ["catalogue.jsonl", "editions.jsonl"]) {
    for (const line of (await Deno.readTextFile(new URL(file, DATA))).trim().split("\n")) {
      const { isbn13, title, subtitle, authors } = JSON.parse(line);
      const whole = subtitle ? `${title}: ${subtitle}` : title;
      const book = { title: whole, author: authors.join(" & ") };
      for (const isbn of [isbn13].flat()) books.set(isbn, [...books.get(isbn) ?? [], book]);
    }
  }
  return books;
}
const books = await catalogue();

async function assertNothingWrong({ sql }: TestApp): Promise<void> {
  const found = await sql<{ title: string; author: string; isbn13: string }[]>`
    SELECT title, author, isbn13 FROM candidate WHERE isbn13 IS NOT NULL`;
  for (const { title, author, isbn13 } of found) {
    const known = books.get(isbn13) ?? [];
    assert(
      known.some((book) => sameBook(book, { title, author })),
      `${isbn13} was accepted for "${title}" by ${author}, but is ${JSON.stringify(known)}`,
    );
  }
}

async function runMonths(service: TestApp, batch: number): Promise<void> {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: batch });
  await service.settled();
}

/** The provider in question is asked first, about all books of a month at once. */
function optionsFor(provider: ResolverName): PlaceOptions & { clock: ShiftedClock } {
  const others = RESOLVER_NAMES.filter((name) =>
    name !== provider && !PAID_RESOLVERS.includes(name)
  );
  const settings = { RESOLVERS: `${provider},${others.join("+")}`, BOOK_CONCURRENCY: "20" };
  return { settings, clock: shiftedClock() };
}

/** Beginning with October 2012, which has twenty books: enough failures to open every breaker. */
async function seed({ call, sql }: TestApp): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await sql`DELETE FROM backfill_log WHERE month > 10`;
}

/** One month while the provider suffers it, and one after the obstacle has ended. */
async function sufferOutage(
  service: TestApp,
  { provider, kind, clock }: { provider: ResolverName; kind: Outage; clock: ShiftedClock },
): Promise<void> {
  const { faults } = service.simulator;
  const wait = kind === "429" && sendsRetryAfter(provider) ? { retry_after_seconds: 120 } : {};
  faults.add({ service: provider, kind, ...wait });
  await runOne(service);
  await untilHealth(service, { provider, state: "open", code: OUTAGES[kind] });

  faults.clear();
  clock.put(new Date(clock.now().getTime() + PAUSE_MS).toISOString());
  await runOne(service);
  await untilHealth(service, { provider, state: "closed", code: null });
}

async function runOne(service: TestApp): Promise<void> {
  const { body } = await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
  assertEquals(body.months_selected, 1);
  await service.settled();
}

const HEALTH_LIMIT_MS = 60_000;

/** Health is written beside the work, not as a part of it. */
async function untilHealth(
  { sql }: TestApp,
  { provider, ...expected }: { provider: ResolverName; state: string; code: string | null },
): Promise<void> {
  const start = systemClock.monotonicMs();
  while (true) {
    const [health] =
      await sql`SELECT state, code FROM provider_health WHERE provider = ${provider}`;
    const isAsExpected = health?.state === expected.state && health?.code === expected.code;
    if (isAsExpected || systemClock.monotonicMs() - start > HEALTH_LIMIT_MS) {
      const found = health && { state: health.state, code: health.code };
      return assertEquals(found, expected, `the health of ${provider}`);
    }
    await systemClock.sleep(20);
  }
}

async function assertNoMonthSuffered(service: TestApp, count: number): Promise<void> {
  const months = await service.sql`
    SELECT status, retry_count, isbns_resolved FROM backfill_log WHERE status <> 'pending'`;
  assertEquals(months.length, count);
  for (const { status, retry_count } of months) {
    assertEquals({ status, retry_count }, { status: "completed", retry_count: 0 });
  }
  assertGreater(months.reduce((sum, month) => sum + month.isbns_resolved, 0), 3 * count);
  await assertNothingWrong(service);
}

for (const provider of RESOLVER_NAMES) {
  const options = optionsFor(provider);
  appTest(
    `whatever is wrong with ${provider}, its health says so, no month fails and nothing is wrong`,
    async (service) => {
      await seed(service);
      const kinds = QUICK.filter((kind) => playsKind(provider, kind));
      for (const kind of kinds) await sufferOutage(service, { provider, kind, ...options });
      await assertNoMonthSuffered(service, 2 * kinds.length);
    },
    options,
  );
}

Deno.test({
  name: "whichever provider hangs or is too busy, its health says so and no month fails",
  sanitizeOps: false,
  sanitizeResources: false,
  // All side by side, and on one kind of database, to wait only once.
  fn: async () => {
    const outages = RESOLVER_NAMES.flatMap((provider) => SLOW.map((kind) => ({ provider, kind })));
    await Promise.all(outages.map((outage) => {
      const { clock, settings } = optionsFor(outage.provider);
      const options = { clock, settings: { ...settings, ...FEW_CONNECTIONS } };
      return withPlace(DATABASE_KINDS.at(-1)!, (place) =>
        withApp(place, async (service) => {
          await seed(service);
          await sufferOutage(service, { ...outage, clock });
          await assertNoMonthSuffered(service, 2);
        }, options), options);
    }));
  },
});

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `books a provider was silent about are resolved when it answers again [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, async (place) => {
        const { faults, journal } = place.simulator;
        faults.add({ service: "open_library", kind: "503" });
        await withApp(place, async (service) => {
          await runMonths(service, 3);
          assertGreater(await countUnavailable(service), 5);
          const provider = "open_library";
          await untilHealth(service, { provider, state: "open", code: "PROVIDER_UNAVAILABLE" });
          const [health] = await service.sql`SELECT open_until > changed_at AS is_held
            FROM provider_health WHERE provider = ${provider}`;
          assertEquals(health?.is_held, true);
          assertEquals((await service.app.rescue()).asked_again, 0);
        });
        const calls = journal.count({ service: "archive_org" });

        faults.clear();
        // A new process, whose own breaker is closed, an hour after the breakers of the old one.
        await withApp(place, async (service) => {
          await service.sql`UPDATE provider_health SET open_until = now() WHERE state = 'open'`;
          await service.sql`UPDATE backfill_log SET started_at = started_at - interval '2 hours',
            completed_at = completed_at - interval '2 hours'`;
          await service.app.rescue();
          await service.settled();
          assertEquals(await countUnavailable(service), 0);
          const [row] = await service.sql`SELECT sum(books_generated)::int AS books,
            sum(isbns_resolved)::int AS resolved, sum(isbns_queued)::int AS queued FROM backfill_log`;
          // Two providers alone do not know quite every book of the simulator.
          assertGreater(row!.resolved, 0.9 * row!.books);
          assertEquals(row!.queued, row!.resolved);
          assertEquals(journal.count({ service: "archive_org" }), calls);
          await assertNothingWrong(service);
        });
      }, { settings: { RESOLVERS: "archive_org,open_library" } }),
  });
}

async function countUnavailable({ sql }: TestApp): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM candidate WHERE verdict = 'unavailable'`;
  return row!.count;
}

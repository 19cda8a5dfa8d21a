import { assert, assertEquals, assertGreater } from "@std/assert";
import { sameBook } from "../../src/domain/same_book.ts";
import type { FaultRule } from "../../src/simulator/faults.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { appTest, type TestApp, withApp, withPlace } from "../support/test_app.ts";

const PROVIDERS = ["open_library", "google_books", "archive_org", "wikidata", "isbndb"] as const;
const OUTAGES = ["503", "429", "html", "broken_json", "timeout", "quota"] as const;
type Outage = (typeof OUTAGES)[number];

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

for (const room of PROVIDERS) {
  appTest(
    `whatever is wrong with ${room}, no month fails and nothing wrong is accepted`,
    async (service) => {
      const fits = (kind: Outage): boolean =>
        kind !== "quota" || room === "isbndb" || room === "google_books";
      await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
      for (const kind of OUTAGES.filter(fits)) {
        service.simulator.faults.clear();
        const retryAfter = kind === "429" && (room === "isbndb" || room === "wikidata");
        service.simulator.faults.add({
          room,
          kind,
          ...(retryAfter ? { retry_after_seconds: 120 } : {}),
        } as FaultRule);
        await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
        await service.settled();
      }
      const months = await service.sql`
      SELECT status, retry_count, isbns_resolved FROM backfill_log WHERE status <> 'pending'`;
      assertEquals(months.length, OUTAGES.filter(fits).length);
      for (const { status, retry_count } of months) {
        assertEquals({ status, retry_count }, { status: "completed", retry_count: 0 });
      }
      assertGreater(months.reduce((sum, month) => sum + month.isbns_resolved, 0), 30);
      await assertNothingWrong(service);
    },
  );
}

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `books a provider was silent about are resolved when it answers again [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, async (place) => {
        const { faults, journal } = place.simulator;
        faults.add({ room: "open_library", kind: "503" });
        await withApp(place, async (service) => {
          await runMonths(service, 3);
          assertGreater(await countUnavailable(service), 5);
          const [health] = await service.sql`SELECT state, open_until > now() AS is_held
            FROM provider_health WHERE provider = 'open_library'`;
          assertEquals({ ...health }, { state: "open", is_held: true });
          assertEquals((await service.app.rescue()).asked_again, 0);
        });
        const calls = journal.count({ room: "archive_org" });

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
          assertEquals(journal.count({ room: "archive_org" }), calls);
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

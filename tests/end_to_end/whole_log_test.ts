import { assertEquals, assertGreater } from "@std/assert";
import { USUAL_ODDITIES } from "../../src/simulator/faults/oddities.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

const MONTHS = 300;
const BATCH = 50;
const settings = { GENERATORS: "gemini,xai,wikidata", MONTH_CONCURRENCY: "8" };

// One kind of database is enough: what differs between them is tested on both elsewhere.
const kind = DATABASE_KINDS.at(-1)!;

Deno.test({
  name: `the whole log completes although models err, and nothing invented gets an ISBN [${kind}]`,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace(kind, (place) =>
      withApp(place, async ({ call, settled, sql, simulator }) => {
        await call("/api/internal/seed-backfill-queue", { year_start: 2000, year_end: 2024 });
        for (let scheduled = 0; scheduled < MONTHS; scheduled += BATCH) {
          const { body } = await call("/api/internal/schedule-backfill", { batch_size: BATCH });
          assertEquals(body.execution_summary, { triggered: BATCH, skipped: 0, errors: 0 });
        }
        await settled();

        const { by_status, progress, verification, costs } = (await call(
          "/api/internal/backfill-stats",
        )).body;
        assertEquals(by_status.completed + by_status.failed, MONTHS);
        assertGreater(by_status.completed, 0.99 * MONTHS);
        assertGreater(progress.overall_resolution_rate, 85);
        assertGreater(verification.in_month, 0.6 * progress.total_books_generated);
        assertGreater(costs.usd_per_completed_month, 0);

        const books = await sql<{ title: string; author: string; isbn13: string | null }[]>`
          SELECT title, author, isbn13 FROM candidate`;
        assertEquals(books.length, progress.total_books_generated);
        const invented = books.filter((book) => simulator.isInvented(book));
        assertGreater(invented.length, 50);
        assertEquals(invented.filter(({ isbn13 }) => isbn13 !== null), []);
      }), { settings, oddities: USUAL_ODDITIES }),
});

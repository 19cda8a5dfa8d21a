import { assertEquals, assertGreater } from "@std/assert";
import { USUAL_ODDITIES } from "../../src/simulator/faults/oddities.ts";
import { listMisnamed } from "../support/books/stored_names.ts";
import { appTest } from "../support/service/test_app.ts";

const MONTHS = 24;

appTest(
  "what two years leave behind is called what its records call it",
  async ({ call, settled, sql }) => {
    await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2013 });
    const { body } = await call("/api/internal/schedule-backfill", { batch_size: MONTHS });
    assertEquals(body.months_selected, MONTHS);
    await settled();
    const [stored] = await sql<{ works: number; series: number }[]>`
      SELECT count(*)::int AS works, count(series)::int AS series FROM work WHERE NOT is_synthetic`;
    assertGreater(stored!.works, 250);
    assertGreater(stored!.series, 10);
    assertEquals(await listMisnamed(sql), []);
  },
  {
    settings: { GENERATORS: "gemini,xai,wikidata", MONTH_CONCURRENCY: "8" },
    oddities: USUAL_ODDITIES,
  },
);

import { assertEquals, assertGreater } from "@std/assert";
import { serveFixtures } from "../providers/fixture_server.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { withApp, withPlace } from "../support/test_app.ts";

const CONTENT = JSON.stringify({
  books: [{ title: "Gone Girl", author: "Gillian Flynn", month: 6 }],
});

function completion(usage: Record<string, unknown>): Response {
  const message = { role: "assistant", content: CONTENT };
  return Response.json({ choices: [{ index: 0, message, finish_reason: "stop" }], usage });
}

/** What a provider says it counted, and whether the bill can follow it. */
const USAGES = [
  { usage: { prompt_tokens: 500, completion_tokens: 100, total_tokens: 600 }, cost_usd: 0.0007 },
  {
    usage: { prompt_tokens: 500, completion_tokens: 90_000, total_tokens: 90_500 },
    cost_usd: 0.1805,
  },
  { usage: { prompt_tokens: 500, completion_tokens: 2 ** 40 }, cost_usd: null },
  { usage: { prompt_tokens: 500 }, cost_usd: null },
  { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, cost_usd: null },
  { usage: { prompt_tokens: -5, completion_tokens: -5, total_tokens: -10 }, cost_usd: null },
] as const;

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `what a provider did not count, or cannot have, costs what was reserved [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using server = serveFixtures(...USAGES.map(({ usage }) => completion(usage)));
      const settings = {
        GENERATORS: "openai_compatible",
        RESOLVERS: "open_library",
        MONTH_CONCURRENCY: "1",
        LLM_BASE_URL: `${server.url}/v1`,
        LLM_MODEL: "some-model",
        MODEL_PRICES: "some-model=1/2",
      };
      await withPlace(kind, (place) =>
        withApp(place, async ({ call, quiet, sql }) => {
          await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
          await call("/api/internal/schedule-backfill", { batch_size: USAGES.length });
          await quiet();
          const rows = await sql<{ cost_usd: number | null; spent: number; reserved: number }[]>`
            SELECT g.cost_usd::float8, s.cost_usd::float8 AS spent, s.reserved_usd::float8 AS reserved
            FROM generation g JOIN spending s USING (job_id) ORDER BY g.id`;
          assertEquals(
            rows.map(({ cost_usd }) => cost_usd),
            USAGES.map(({ cost_usd }) => cost_usd),
          );
          for (const { cost_usd, spent, reserved } of rows) {
            assertEquals(spent, cost_usd ?? reserved);
            assertGreater(reserved, 0);
          }
        }), { settings });
    },
  });
}

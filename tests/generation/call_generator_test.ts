import { configure, type LogRecord, reset } from "@logtape/logtape";
import { assertEquals, assertGreater } from "@std/assert";
import { serveFixtures } from "../providers/fixture_server.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

const CONTENT = JSON.stringify({
  books: [{ title: "Gone Girl", author: "Gillian Flynn", month: 6 }],
});

function completion(usage: unknown): Response {
  const message = { role: "assistant", content: CONTENT };
  return Response.json({ choices: [{ index: 0, message, finish_reason: "stop" }], usage });
}

const NOT_COUNTED = { cost_usd: null, tokens: [0, 0, 0] } as const;

function usage(prompt_tokens: unknown, completion_tokens: unknown, total_tokens?: unknown) {
  return { prompt_tokens, completion_tokens, total_tokens };
}

/** What a provider says it counted, and whether the bill can follow it; tokens as they are stored. */
const USAGES: readonly {
  readonly usage: unknown;
  readonly cost_usd: number | null;
  readonly tokens: readonly number[];
}[] = [
  { usage: usage(500, 100, 600), cost_usd: 0.0007, tokens: [500, 100, 0] },
  { usage: usage("500", "100", "600"), cost_usd: 0.0007, tokens: [500, 100, 0] },
  { usage: usage(500, 90_000, 90_500), cost_usd: 0.1805, tokens: [500, 90_000, 0] },
  // Beyond ten times the 16,384 tokens the answer is allowed, and what the question can take.
  { usage: usage(500, 163_841), ...NOT_COUNTED },
  { usage: usage(90_000_000, 100), ...NOT_COUNTED },
  { usage: usage(500, 2 ** 40), ...NOT_COUNTED },
  { usage: usage(500, undefined), cost_usd: null, tokens: [500, 0, 0] },
  { usage: usage(500, [100]), ...NOT_COUNTED },
  { usage: usage(0, 0, 0), ...NOT_COUNTED },
  { usage: usage(-5, -5, -10), ...NOT_COUNTED },
  { usage: [], ...NOT_COUNTED },
];

/** Keeps the log's warnings until `body` is done. */
async function collectWarnings(body: () => Promise<void>): Promise<Record<string, unknown>[]> {
  const records: LogRecord[] = [];
  await configure({
    reset: true,
    sinks: { kept: (record) => void records.push(record) },
    loggers: [{ category: ["alexandria"], sinks: ["kept"], lowestLevel: "warning" }],
  });
  try {
    await body();
  } finally {
    await reset();
  }
  return records.map(({ properties }) => properties);
}

interface Row {
  readonly cost_usd: number | null;
  readonly spent: number;
  readonly reserved: number;
  readonly verdict: string;
  readonly tokens: number[];
}

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
      const warnings = await collectWarnings(() =>
        withPlace(kind, (place) =>
          withApp(place, async ({ call, quiet, sql }) => {
            await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
            await call("/api/internal/schedule-backfill", { batch_size: USAGES.length });
            await quiet();
            const rows = await sql<Row[]>`
              SELECT g.cost_usd::float8, s.cost_usd::float8 AS spent,
                s.reserved_usd::float8 AS reserved, g.verdict,
                ARRAY[g.tokens_input, g.tokens_output, g.tokens_thinking] AS tokens
              FROM generation g JOIN spending s USING (job_id) ORDER BY g.id`;
            assertEquals(
              rows.map(({ cost_usd, tokens }) => ({ cost_usd, tokens })),
              USAGES.map(({ cost_usd, tokens }) => ({ cost_usd, tokens: [...tokens] })),
            );
            for (const { cost_usd, spent, reserved, verdict } of rows) {
              assertEquals(spent, cost_usd ?? reserved);
              assertGreater(reserved, 0);
              assertEquals(verdict, "usable");
            }
          }), { settings })
      );
      assertEquals(
        warnings.filter(({ event }) => event === "token_counts_not_believed")
          .map((one) => [one["claimed_input_tokens"], one["claimed_output_tokens"]]),
        [[500, 163_841], [90_000_000, 100], [500, 100_000_000]],
      );
    },
  });
}

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `an answer costs what the model takes that gave it [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const body = await completion(usage(500, 100, 600)).json();
      await using server = serveFixtures(Response.json({ ...body, model: "grok-4.7" }));
      const settings = {
        GENERATORS: "xai",
        RESOLVERS: "open_library",
        XAI_API_KEY: "a-key",
        XAI_BASE_URL: server.url,
        XAI_MODEL: "grok-4.3",
      };
      await withPlace(kind, (place) =>
        withApp(place, async ({ call, quiet, sql }) => {
          await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
          await call("/api/internal/schedule-backfill", { batch_size: 1 });
          await quiet();
          const [row] = await sql<{ model: string; cost_usd: number; spent: number }[]>`
            SELECT g.model, g.cost_usd::float8, s.cost_usd::float8 AS spent
            FROM generation g JOIN spending s USING (job_id)`;
          // $2 and $6 for a million tokens, where grok-4.3 takes $1.25 and $2.50.
          assertEquals(row, { model: "grok-4.3", cost_usd: 0.0016, spent: 0.0016 });
        }), { settings });
    },
  });
}

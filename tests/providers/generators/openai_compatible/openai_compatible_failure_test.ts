import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ErrorCode } from "../../../../src/errors.ts";
import { htmlPage } from "../../fixture_server.ts";
import { completion, EMPTY_LIST, failure, withEndpoint } from "../model_harness.ts";

function openAiError(status: number, message: string, fields = {}): Response {
  return Response.json({ error: { message, ...fields } }, { status });
}

Deno.test("createOpenAiCompatible() sorts failures by status and words", async () => {
  const table: readonly [Response, ErrorCode][] = [
    [openAiError(401, "No auth credentials found"), "PROVIDER_KEY_REFUSED"],
    [openAiError(400, "API key not valid. Please pass a valid API key."), "PROVIDER_KEY_REFUSED"],
    [openAiError(403, "This key may not use that model"), "PROVIDER_KEY_REFUSED"],
    [openAiError(402, "Insufficient credits"), "PROVIDER_OUT_OF_CREDIT"],
    [openAiError(402, "Add credits, or ask for fewer max_tokens"), "PROVIDER_OUT_OF_CREDIT"],
    [openAiError(403, "Key limit exceeded (total limit)"), "PROVIDER_OUT_OF_CREDIT"],
    [openAiError(429, "Limit", { code: "insufficient_quota" }), "PROVIDER_OUT_OF_CREDIT"],
    [openAiError(429, "Rate limit exceeded: free-models-per-day"), "PROVIDER_QUOTA_SPENT"],
    [openAiError(429, "Rate limit exceeded: free-models-per-min"), "PROVIDER_RATE_LIMITED"],
    [openAiError(400, "messages must not be empty"), "PROVIDER_REJECTED_REQUEST"],
    [Response.json({ error: 'model "x" not found' }, { status: 404 }), "PROVIDER_REJECTED_REQUEST"],
    [new Response("404 page not found", { status: 404 }), "PROVIDER_REJECTED_REQUEST"],
    [openAiError(400, "Failed", { code: "json_validate_failed" }), "PROVIDER_BAD_ANSWER"],
    [openAiError(408, "The request timed out"), "PROVIDER_UNAVAILABLE"],
    [Response.json({ error: "model is loading" }, { status: 503 }), "PROVIDER_UNAVAILABLE"],
    // Behind the status 200: at the top, as a text, in the choice.
    [Response.json({ error: { code: 429, message: "slow down" } }), "PROVIDER_RATE_LIMITED"],
    [Response.json({ error: { code: "402", message: "no money" } }), "PROVIDER_OUT_OF_CREDIT"],
    [Response.json({ error: { message: "upstream" }, choices: [] }), "PROVIDER_UNAVAILABLE"],
    [Response.json({ error: "out of memory" }), "PROVIDER_UNAVAILABLE"],
    [
      completion({ error: { code: 502 }, message: { content: "" }, finish_reason: "error" }),
      "PROVIDER_UNAVAILABLE",
    ],
  ];
  const repeated: readonly ErrorCode[] = ["PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED"];
  for (const [reply, code] of table) {
    const label = `${reply.status} ${await reply.clone().text()}`;
    await withEndpoint([reply], async (asked) => {
      await failure(asked, code);
      assertEquals(asked.calls.length, repeated.includes(code) ? 3 : 1, label);
    });
  }
});

Deno.test("createOpenAiCompatible() asks again in an hour for what money or a new key can mend", async () => {
  for (const reply of [openAiError(402, "Insufficient credits"), openAiError(401, "No")]) {
    await withEndpoint([reply], async (asked) => {
      const { code, retryAt } = await asked.ask().then(() => assertEquals(1, 2), (error) => error);
      assertEquals(retryAt?.toISOString(), "2026-11-21T13:00:00.000Z");
      await failure(asked, code);
      assertEquals(asked.calls.length, 1);
    });
  }
});

Deno.test("createOpenAiCompatible() names the model that is not there", () =>
  withEndpoint([Response.json({ error: "not found, try pulling it" }, { status: 404 })], async (
    asked,
  ) => {
    const { message } = await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertStringIncludes(message, '"llama-4-small"');
    assertStringIncludes(message, "try pulling it");
    const held = await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertEquals(held.retryAt?.toISOString(), "2026-11-21T12:10:00.000Z");
    assertEquals(asked.calls.length, 1, "it is not knocked for with every month");
  }));

Deno.test("createOpenAiCompatible() tells a wrong address from an unknown model", async () => {
  const told = [
    [
      Response.json({ error: "Unexpected endpoint or method. (POST /chat/completions)" }),
      "address",
    ],
    [htmlPage(404), "address"],
    [openAiError(404, "The model `m` does not exist"), "model"],
    [openAiError(400, "Model Not Exist"), "model"],
  ] as const;
  for (const [reply, words] of told) {
    await withEndpoint([reply], async (asked) => {
      const { message } = await failure(asked, "PROVIDER_REJECTED_REQUEST");
      assertStringIncludes(message, words === "address" ? "nothing at this address" : "no model");
    });
  }
});

Deno.test("createOpenAiCompatible() tells what the provider behind OpenRouter said", async () => {
  const upstream = (raw: unknown) =>
    openAiError(502, "Provider returned error", { code: 502, metadata: { raw } });
  for (
    const raw of [
      "the upstream melted",
      '{"error":{"message":"the upstream melted"}}',
      { message: "the upstream melted" },
    ]
  ) {
    await withEndpoint([upstream(raw)], async (asked) => {
      const { message } = await failure(asked, "PROVIDER_UNAVAILABLE");
      assertStringIncludes(message, "Provider returned error: the upstream melted");
    });
  }
});

Deno.test("createOpenAiCompatible() waits for a rolling day exactly", async () => {
  const spent = openAiError(
    429,
    "Rate limit reached on tokens per day (TPD): Limit 100000, Used " +
      "97843, Requested 9191. Please try again in 1h53m56.832s.",
  );
  await withEndpoint([spent], async (asked) => {
    const error = await failure(asked, "PROVIDER_QUOTA_SPENT");
    assertEquals(error.retryAt?.toISOString(), "2026-11-21T13:53:56.832Z");
  });
});

Deno.test("createOpenAiCompatible() takes moderation for a refusal, not for a failure", async () => {
  const flagged = "The input was flagged by moderation";
  for (
    const refusal of [
      openAiError(403, flagged, { code: 403, metadata: { reasons: ["violence"] } }),
      openAiError(400, `${flagged} (json_schema)`, { code: "content_filter" }),
      Response.json({ error: { code: 403, message: flagged } }),
    ]
  ) {
    await withEndpoint([refusal, completion(EMPTY_LIST)], async ({ ask, calls }) => {
      const answer = await ask();
      assertEquals([answer.finish, answer.tokens.input], ["refused", 0]);
      assertStringIncludes(answer.text, flagged);
      assertEquals((await ask()).finish, "stop", "nothing is held back");
      assertEquals(calls.length, 2);
    });
  }
});

Deno.test("createOpenAiCompatible() keeps what came before an answer broke off", async () => {
  const content = '{"books":[{"title":"Emma","author":"Jane Austen","month":12},{"title":"Pers';
  const broken = { error: { code: 502, message: "gone" }, message: { content } };
  await withEndpoint([completion({ ...broken, finish_reason: "error" })], async ({ ask }) => {
    const answer = await ask();
    assertEquals([answer.finish, answer.finish_detail, answer.text], ["other", "error", content]);
  });
});

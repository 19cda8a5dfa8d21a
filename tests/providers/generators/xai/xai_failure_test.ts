import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import { completion, EMPTY_LIST, failure, withXai } from "../model_harness.ts";

const INVALID = "Client specified an invalid argument";
const FORBIDDEN = "The caller does not have permission to execute the specified operation";
const SPENT =
  "Your team 1-2 has either used all available credits or reached its monthly spending " +
  "limit. To continue making API requests, please purchase more credits or raise your limit.";

/** An error in xAI's form, both fields texts. */
function xaiError(status: number, error: string, code = INVALID): Response {
  return Response.json({ code, error }, { status });
}

Deno.test("createXai() recognises a refused key in 400, 401 and 403 and stops asking for an hour", async () => {
  const incorrect = "Incorrect API key provided: xa***ey. You can obtain one from https://x.ai.";
  for (
    const refusal of [
      xaiError(400, incorrect),
      Response.json({ error: { message: incorrect, code: "400" } }, { status: 400 }),
      xaiError(401, "No API key was given"),
      xaiError(403, "Your team is blocked from using this model.", FORBIDDEN),
    ]
  ) {
    await withXai([refusal], async (asked) => {
      const error = await failure(asked, "PROVIDER_KEY_REFUSED");
      assertEquals(error.retryAt?.toISOString(), "2026-11-21T13:00:00.000Z");
      await failure(asked, "PROVIDER_KEY_REFUSED");
      assertEquals(asked.calls.length, 1);
      assertFalse(error.message.includes(SIMULATOR_KEY), "the key is a secret");
    });
  }
});

Deno.test("createXai() tells spent credits from a rate limit by the words", async () => {
  for (
    const spent of [
      xaiError(429, SPENT, "Some resource has been exhausted"),
      xaiError(403, SPENT, FORBIDDEN),
      xaiError(403, "Your newly created team doesn't have any credits yet.", FORBIDDEN),
    ]
  ) {
    await withXai([spent], async (asked) => {
      const error = await failure(asked, "PROVIDER_OUT_OF_CREDIT");
      assertEquals(error.retryAt?.toISOString(), "2026-11-21T13:00:00.000Z");
      await failure(asked, "PROVIDER_OUT_OF_CREDIT");
      assertEquals(asked.calls.length, 1);
    });
  }
  const limited = Response.json({ code: "exhausted", error: "Too many requests for your team" }, {
    status: 429,
    headers: { "retry-after": "7" },
  });
  await withXai([limited, completion(EMPTY_LIST)], async ({ ask, calls, clock }) => {
    assertEquals((await ask()).finish, "stop");
    assertEquals([calls.length, clock.slept], [2, [7000]]);
  });
});

Deno.test("createXai() takes a breach of the usage guidelines for a refusal, not for a refused key", async () => {
  const refusal = xaiError(403, "Content violates usage guidelines. Failed check: BIO", FORBIDDEN);
  await withXai([refusal, completion(EMPTY_LIST)], async ({ ask, calls }) => {
    const answer = await ask();
    assertEquals([answer.finish, answer.tokens.output], ["refused", 0]);
    assertStringIncludes(answer.text, "usage guidelines");
    assertEquals((await ask()).finish, "stop", "nothing is held back");
    assertEquals(calls.length, 2);
  });
});

Deno.test("createXai() does not repeat a request xAI rejects", async () => {
  for (
    const rejection of [
      xaiError(400, "Model grok-4.3 does not support parameter stop."),
      xaiError(400, "Bad content. Team: 1, API key ID: 2, Model: grok-4.3"),
      xaiError(415, "Expected application/json"),
      new Response("Failed to deserialize the JSON body", { status: 422 }),
    ]
  ) {
    await withXai([rejection], async (asked) => {
      await failure(asked, "PROVIDER_REJECTED_REQUEST");
      assertEquals(asked.calls.length, 1);
    });
  }
  await withXai([xaiError(404, "The model does not exist")], async (asked) => {
    const error = await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertStringIncludes(error.message, '"grok-3"');
  }, { model: "grok-3" });
});

Deno.test("createXai() repeats a server error behind the status 200", async () => {
  const failed = Response.json({
    object: "response",
    status: "failed",
    error: { code: "server_error", message: "The model is away" },
    output: [],
  });
  await withXai([failed], async (asked) => {
    await failure(asked, "PROVIDER_UNAVAILABLE");
    assertEquals(asked.calls.length, 3);
  }, { api: "responses" });
});

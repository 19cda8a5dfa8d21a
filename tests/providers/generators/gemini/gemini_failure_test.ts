import {
  assertEquals,
  assertExists,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { parseBookList } from "../../../../src/domain/answers/book_list.ts";
import { AppError, type ErrorCode } from "../../../../src/errors.ts";
import type { FaultKind } from "../../../../src/simulator/faults/faults.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import { htmlPage, silence } from "../../fixture_server.ts";
import { type Asked, candidate, client, withAnswers, withSimulator } from "../gemini_bench.ts";

function googleError(code: number, status: string, details: readonly unknown[] = []): Response {
  return Response.json({ error: { code, message: `Google says ${status}`, status, details } }, {
    status: code,
  });
}

async function failure(asked: Asked, code: ErrorCode): Promise<AppError> {
  const error = await assertRejects(() => asked.ask(), AppError);
  assertEquals(error.code, code, error.message);
  return error;
}

Deno.test("createGemini() calls an answer with nothing in it a bad one", async () => {
  for (
    const body of [{}, { candidates: [] }, { candidates: [{}] }, [], "text", { candidates: 3 }]
  ) {
    await withAnswers([Response.json(body)], async (asked) => {
      await failure(asked, "PROVIDER_BAD_ANSWER");
      assertEquals(asked.calls.length, 1);
    });
  }
});

Deno.test("createGemini() does not repeat an answer that broke on its way, since it was billed", async () => {
  for (const body of [new Response('{"candidates":['), htmlPage(200), new Response("")]) {
    await withAnswers([body], async (asked) => {
      await failure(asked, "PROVIDER_BAD_ANSWER");
      assertEquals(asked.calls.length, 1);
    });
  }
});

Deno.test("createGemini() recognises a refused key in 400 and 403 and stops asking", async () => {
  const invalid = googleError(400, "INVALID_ARGUMENT", [{
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "API_KEY_INVALID",
  }]);
  for (const refusal of [invalid, googleError(403, "PERMISSION_DENIED")]) {
    await withAnswers([refusal], async (asked) => {
      const error = await failure(asked, "PROVIDER_KEY_REFUSED");
      assertExists(error.retryAt);
      await failure(asked, "PROVIDER_KEY_REFUSED");
      assertEquals(asked.calls.length, 1);
      assertFalse(error.message.includes(SIMULATOR_KEY), "the key is a secret");
    });
  }
});

Deno.test("createGemini() does not repeat a request Google rejects", async () => {
  for (const status of ["INVALID_ARGUMENT", "FAILED_PRECONDITION"]) {
    await withAnswers([googleError(400, status)], async (asked) => {
      const error = await failure(asked, "PROVIDER_REJECTED_REQUEST");
      assertStringIncludes(error.message, status);
      assertEquals(asked.calls.length, 1);
      // A country that is not served is not asked for with every month.
      const until = status === "FAILED_PRECONDITION" ? "2026-11-21T13:00:00.000Z" : undefined;
      assertEquals(error.retryAt?.toISOString(), until);
    });
  }
});

Deno.test("createGemini() names the model Google does not know", () =>
  withSimulator(async ({ url }) => {
    const asked = client(`${url}/gemini`, { model: "gemini-2.5-flash-lite" });
    const error = await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertStringIncludes(error.message, "gemini-2.5-flash-lite");
    assertEquals(asked.calls.length, 1);
  }));

Deno.test("createGemini() waits as long as RetryInfo says when the minute's limit is reached", async () => {
  const limited = googleError(429, "RESOURCE_EXHAUSTED", [
    { violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }] },
    { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.5s" },
  ]);
  const ok = candidate({ content: { parts: [{ text: "[]" }] }, finishReason: "STOP" });
  await withAnswers([limited, ok], async ({ ask, clock, calls }) => {
    assertEquals((await ask()).text, "[]");
    assertEquals(clock.slept, [34_500]);
    assertEquals(calls.length, 2);
  });
});

Deno.test("createGemini() says when to come back when the wait is too long", async () => {
  const limited = googleError(429, "RESOURCE_EXHAUSTED", [{ retryDelay: "600s" }]);
  await withAnswers([limited], async (asked) => {
    const error = await failure(asked, "PROVIDER_RATE_LIMITED");
    assertEquals(error.retryAt?.toISOString(), "2026-11-21T12:10:00.000Z");
    assertEquals([asked.calls.length, asked.clock.slept.length], [1, 0]);
  });
});

Deno.test("createGemini() stops until midnight in California when the day's quota is spent", async () => {
  const spent = googleError(429, "RESOURCE_EXHAUSTED", [
    { violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }] },
    { retryDelay: "5s" },
  ]);
  await withAnswers([spent], async (asked) => {
    const error = await failure(asked, "PROVIDER_QUOTA_SPENT");
    assertEquals(error.retryAt?.toISOString(), "2026-11-22T08:00:00.000Z");
    await failure(asked, "PROVIDER_QUOTA_SPENT");
    assertEquals(asked.calls.length, 1);
  });
});

Deno.test("createGemini() repeats server errors and counts each request", async () => {
  const ok = candidate({ content: { parts: [{ text: "[]" }] }, finishReason: "STOP" });
  await withAnswers([googleError(503, "UNAVAILABLE"), htmlPage(500), ok], async (asked) => {
    assertEquals((await asked.ask()).text, "[]");
    assertEquals(asked.calls.length, 3);
  });
  await withAnswers([googleError(504, "DEADLINE_EXCEEDED")], async (asked) => {
    await failure(asked, "PROVIDER_UNAVAILABLE");
    assertEquals(asked.calls.length, 3);
  });
});

Deno.test("createGemini() times out once, and rejects with the caller's reason when aborted", async () => {
  await withAnswers([silence], async (asked) => {
    await failure(asked, "PROVIDER_TIMEOUT");
    assertEquals(asked.calls.length, 1);
  }, { timeoutMs: 30 });
  await withAnswers([silence], async ({ ask }) => {
    const controller = new AbortController();
    const reason = new Error("the job was cancelled");
    const asked = ask(controller.signal);
    controller.abort(reason);
    assertEquals(await assertRejects(() => asked), reason);
  });
});

Deno.test("createGemini() copes with every fault the simulator plays", () =>
  withSimulator(async ({ url, faults }) => {
    const play = (kind: FaultKind): Asked => {
      faults.clear();
      faults.add({ service: "gemini", kind });
      return client(`${url}/gemini`, { maxRetries: 1 });
    };
    const failures: readonly [FaultKind, ErrorCode][] = [
      ["429", "PROVIDER_RATE_LIMITED"],
      ["quota", "PROVIDER_QUOTA_SPENT"],
      ["403", "PROVIDER_KEY_REFUSED"],
      ["500", "PROVIDER_UNAVAILABLE"],
      ["503", "PROVIDER_UNAVAILABLE"],
      ["html", "PROVIDER_BAD_ANSWER"],
      ["broken_json", "PROVIDER_BAD_ANSWER"],
    ];
    for (const [kind, code] of failures) await failure(play(kind), code);
    const read = async (kind: FaultKind) => {
      const answer = await play(kind).ask();
      return { finish: answer.finish, list: parseBookList(answer.text, { maxBooks: 20 }) };
    };
    assertEquals((await read("empty")).list, {
      kind: "books",
      books: [],
      dropped: { invalid: 0, duplicate: 0, over_limit: 0 },
    });
    assertEquals((await read("refusal")).list.kind, "refusal");
    assertEquals((await read("bad_content")).list.kind, "unusable");
    assertEquals((await read("no_parts")).finish, "length");
    assertEquals((await read("blocked")).finish, "refused");
    assertEquals((await read("recitation")).finish, "refused");
    const truncated = await read("truncated");
    assertEquals([truncated.finish, truncated.list.kind], ["length", "books"]);
    assertEquals((await read("fenced")).list.kind, "books");
    assertEquals((await read("unknown_titles")).list.kind, "books");
  }));

import {
  assertEquals,
  assertExists,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AppError, type ErrorCode } from "../../../../src/errors.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import {
  type Asked,
  candidate,
  gemini,
  withGemini,
  withSimulatedModels,
} from "../model_harness.ts";

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

Deno.test("createGemini() recognises a refused key in 400 and 403 and stops asking", async () => {
  const invalid = googleError(400, "INVALID_ARGUMENT", [{
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason: "API_KEY_INVALID",
  }]);
  for (const refusal of [invalid, googleError(403, "PERMISSION_DENIED")]) {
    await withGemini([refusal], async (asked) => {
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
    await withGemini([googleError(400, status)], async (asked) => {
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
  withSimulatedModels(async ({ url }) => {
    const asked = gemini(`${url}/gemini`, { model: "gemini-2.5-flash-lite" });
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
  await withGemini([limited, ok], async ({ ask, clock, calls }) => {
    assertEquals((await ask()).text, "[]");
    assertEquals(clock.slept, [34_500]);
    assertEquals(calls.length, 2);
  });
});

Deno.test("createGemini() says when to come back when the wait is too long", async () => {
  const limited = googleError(429, "RESOURCE_EXHAUSTED", [{ retryDelay: "600s" }]);
  await withGemini([limited], async (asked) => {
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
  await withGemini([spent], async (asked) => {
    const error = await failure(asked, "PROVIDER_QUOTA_SPENT");
    assertEquals(error.retryAt?.toISOString(), "2026-11-22T08:00:00.000Z");
    await failure(asked, "PROVIDER_QUOTA_SPENT");
    assertEquals(asked.calls.length, 1);
  });
});

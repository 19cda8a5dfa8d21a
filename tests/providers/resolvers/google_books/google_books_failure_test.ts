import { assert, assertEquals, assertFalse } from "@std/assert";
import type { UnavailableReason } from "../../../../src/domain/matching/resolver.ts";
import { createGoogleBooks } from "../../../../src/providers/resolvers/google_books/google_books.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import { type Answer, htmlPage } from "../../fixture_server.ts";
import { type MakeResolver, withFixtures, withSimulatedCatalogues } from "../resolver_harness.ts";

const KEY = "secret-of-the-project";
const make: MakeResolver = (http) => createGoogleBooks({ ...http, apiKey: KEY });
const simulated: MakeResolver = (http) => createGoogleBooks({ ...http, apiKey: SIMULATOR_KEY });

function fails(code: number, message: string, more: Record<string, unknown> = {}): Response {
  return Response.json({ error: { code, message, ...more } }, { status: code });
}

const because = (reason: string) => ({ errors: [{ domain: "usageLimits", reason, message: "" }] });

const BACKEND_FAILED = fails(503, "Service temporarily unavailable.", because("backendFailed"));
const PER_DAY =
  "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service " +
  "'books.googleapis.com'";
const PER_MINUTE = PER_DAY.replace("per day", "per minute per user");
const NOTHING = Response.json({ kind: "books#volumes", totalItems: 0 });

const IN_AN_HOUR = "2026-11-21T13:00:00.000Z";
const PACIFIC_MIDNIGHT = "2026-11-22T08:00:00.000Z";

Deno.test("createGoogleBooks() turns every failure into a reason and, if known, a moment", async () => {
  const exhausted = { status: "RESOURCE_EXHAUSTED" };
  const perDayDetail = {
    ...exhausted,
    details: [{
      reason: "RATE_LIMIT_EXCEEDED",
      metadata: { quota_limit: "defaultPerDayPerProject" },
    }],
  };
  const table: readonly [Answer, UnavailableReason, string | null, number][] = [
    [
      fails(400, "API key not valid. Please pass a valid API key.", because("badRequest")),
      "key_refused",
      IN_AN_HOUR,
      1,
    ],
    [
      fails(400, "Bad Request", { details: [{ reason: "API_KEY_INVALID" }] }),
      "key_refused",
      IN_AN_HOUR,
      1,
    ],
    [fails(400, "Bad Request", because("keyInvalid")), "key_refused", IN_AN_HOUR, 1],
    [fails(400, PER_DAY), "quota_spent", PACIFIC_MIDNIGHT, 1],
    [fails(400, "Invalid value '41'.", because("invalidParameter")), "rejected_request", null, 1],
    [fails(401, "Unauthorized"), "key_refused", IN_AN_HOUR, 1],
    [
      fails(403, "Books API has not been used", because("accessNotConfigured")),
      "key_refused",
      IN_AN_HOUR,
      1,
    ],
    [fails(403, "IP address blocked", because("ipRefererBlocked")), "key_refused", IN_AN_HOUR, 1],
    [
      fails(403, "Daily Limit Exceeded", because("dailyLimitExceeded")),
      "quota_spent",
      PACIFIC_MIDNIGHT,
      1,
    ],
    [
      fails(403, "Rate Limit Exceeded", because("userRateLimitExceeded")),
      "rate_limited",
      "2026-11-21T12:01:01.000Z",
      2,
    ],
    [fails(429, PER_DAY, exhausted), "quota_spent", PACIFIC_MIDNIGHT, 1],
    [fails(429, "Quota exceeded", perDayDetail), "quota_spent", PACIFIC_MIDNIGHT, 1],
    [fails(429, PER_MINUTE, exhausted), "rate_limited", "2026-11-21T12:01:01.000Z", 2],
    [fails(500, "Backend Error", because("backendError")), "down", null, 2],
    [BACKEND_FAILED, "down", null, 9],
    [htmlPage(502), "down", null, 2],
    [htmlPage(200), "bad_answer", null, 2],
    [new Response('{"items":[{"vol'), "bad_answer", null, 2],
    [Response.json({ totalItems: "many", items: { volumeInfo: "soon" } }), "bad_answer", null, 1],
    [Response.json({ kind: "books#volumes" }), "bad_answer", null, 1],
    [Response.json([]), "bad_answer", null, 1],
    [fails(404, "Not Found"), "bad_answer", null, 1],
  ];
  for (const [answer, reason, until, calls] of table) {
    await withFixtures({ make, answers: [answer] }, async (bench) => {
      const said = await bench.find();
      assert(said.kind === "unavailable", JSON.stringify(said));
      assertEquals([said.reason, said.until?.toISOString() ?? null], [reason, until], said.message);
      assertEquals(bench.calls.length, calls, said.message);
      assertFalse(said.message.includes(KEY), "the key is a secret");
    });
  }
});

Deno.test("createGoogleBooks() outlasts eight backend failures with waits of up to four seconds", () => {
  const answers = [...Array.from({ length: 8 }, () => BACKEND_FAILED), NOTHING];
  return withFixtures({ make, answers }, async ({ find, clock }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(clock.slept, [250, 500, 1000, 2000, 2000, 2000, 2000, 2000]);
  });
});

Deno.test("createGoogleBooks() never takes a failed second or third request for nothing found", async () => {
  const bare = {
    id: "bare",
    volumeInfo: { title: "The Salt Ledger", authors: ["Mara Quill"] },
  };
  const first = [NOTHING, Response.json({ totalItems: 1, items: [bare] })];
  for (const answer of first) {
    await withFixtures({ make, answers: [answer, fails(500, "x")] }, async ({ find }) => {
      assertEquals((await find()).kind, "unavailable");
    });
  }
});

Deno.test("createGoogleBooks() sends nothing more until midnight in California once the day is spent", () =>
  withFixtures({ make, answers: [fails(429, PER_DAY), NOTHING] }, async (bench) => {
    for (let i = 0; i < 3; i++) assertEquals((await bench.find()).kind, "unavailable");
    assertEquals(bench.calls.length, 1);
    bench.clock.advance(20 * 3_600_000);
    assertEquals(await bench.find(), { kind: "not_found" });
  }));

Deno.test("createGoogleBooks() is refused by the simulator with a wrong key and with none", async () => {
  for (const [apiKey, reason] of [[KEY, "key_refused"], ["", "quota_spent"]] as const) {
    const keyed: MakeResolver = (http) => createGoogleBooks({ ...http, apiKey });
    await withSimulatedCatalogues(
      { service: "google_books", make: keyed },
      async ({ find, calls }) => {
        const said = await find();
        assert(said.kind === "unavailable");
        assertEquals([said.reason, calls.length], [reason, 1]);
      },
    );
  }
});

Deno.test("createGoogleBooks() survives every fault the simulator plays", () =>
  withSimulatedCatalogues(
    { service: "google_books", make: simulated },
    async ({ simulator, find, clock }) => {
      const book = { title: "Gone Girl", author: "Gillian Flynn", year: 2012 };
      simulator.faults.add({ service: "google_books", kind: "503", times: 8 });
      assertEquals((await find(book)).kind, "candidates");
      const kinds = [
        "429",
        "quota",
        "403",
        "500",
        "503",
        "broken_json",
        "html",
        "bad_content",
      ] as const;
      for (const kind of kinds) {
        simulator.faults.clear();
        simulator.faults.add({ service: "google_books", kind });
        assertEquals((await find(book)).kind, "unavailable", kind);
        clock.advance(86_400_000);
      }
      simulator.faults.clear();
      assertEquals((await find(book)).kind, "candidates");
    },
  ));

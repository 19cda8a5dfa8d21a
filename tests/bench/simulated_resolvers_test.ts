import { assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { withSimulator } from "../simulator/with_simulator.ts";
import { simulatedResolver } from "./simulated_resolvers.ts";

Deno.test("simulatedResolver() waits as long as it is told, whatever its client's own limit", async () => {
  await withSimulator({}, async ({ url, faults }) => {
    faults.add({ service: "google_books", kind: "timeout", times: 9 });
    const pace = { ratePerSecond: Infinity, concurrency: 1, clock: systemClock, timeoutMs: 30 };
    const resolver = simulatedResolver("google_books", { url, pace });
    const query = {
      title: "Salt",
      author: "Quill",
      year: 2012,
      month: null,
      language: "en",
      series: null,
      number: null,
    };
    const call = { signal: new AbortController().signal, onCall: () => {} };
    const answer = await resolver.find(query, call);
    assertEquals(answer.kind, "unavailable");
    assertMatch(answer.kind === "unavailable" ? answer.message : "", /within 30 ms/);
  });
});

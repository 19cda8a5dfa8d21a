import { assertEquals, assertMatch } from "@std/assert";
import { jobMessage, parseJobMessage } from "../../src/queue/job_message.ts";

const claim = { job_id: "0b6d3c52-6a0f-4b1e-9d0e-5a4d1f6f2a11", year: 2012, month: 3 };

Deno.test("parseJobMessage() reads what jobMessage() made", () => {
  const message = jobMessage(claim);
  assertEquals(parseJobMessage(JSON.parse(JSON.stringify(message))), { message });
});

Deno.test("parseJobMessage() refuses everything else and says why", () => {
  const good = jobMessage(claim);
  const bad: unknown[] = [
    null,
    "text",
    {},
    { ...good, v: 2 },
    { ...good, kind: "other" },
    { ...good, job_id: "7" },
    { ...good, month: 13 },
    { ...good, year: "2012" },
  ];
  for (const value of bad) {
    const parsed = parseJobMessage(value);
    assertEquals(parsed.message, null, JSON.stringify(value));
    assertMatch("problem" in parsed ? parsed.problem : "", /\w/);
  }
});

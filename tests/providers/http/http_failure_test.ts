import { assert, assertEquals, assertExists } from "@std/assert";
import type { HttpReply } from "../../../src/providers/http/http_exchange.ts";
import {
  excerpt,
  judgeByStatus,
  messageOf,
  retryAfterMs,
} from "../../../src/providers/http/http_failure.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

function reply(status: number, { text = "{}", headers = {} } = {}): HttpReply {
  const isHtml = text.startsWith("<");
  const json = isHtml || text === "" ? undefined : JSON.parse(text);
  return { status, headers: new Headers(headers), text, json, isHtml };
}

Deno.test("judgeByStatus() sorts every status into what the caller has to do", () => {
  const table: readonly [number, string | null, boolean][] = [
    [200, null, false],
    [404, null, false],
    [400, "PROVIDER_REJECTED_REQUEST", false],
    [401, "PROVIDER_KEY_REFUSED", false],
    [403, "PROVIDER_KEY_REFUSED", false],
    [408, "PROVIDER_UNAVAILABLE", true],
    [413, "PROVIDER_REJECTED_REQUEST", false],
    [414, "PROVIDER_REJECTED_REQUEST", false],
    [415, "PROVIDER_REJECTED_REQUEST", false],
    [422, "PROVIDER_REJECTED_REQUEST", false],
    [429, "PROVIDER_RATE_LIMITED", true],
    [500, "PROVIDER_UNAVAILABLE", true],
    [502, "PROVIDER_UNAVAILABLE", true],
    [503, "PROVIDER_UNAVAILABLE", true],
    [504, "PROVIDER_UNAVAILABLE", true],
    [301, "PROVIDER_BAD_ANSWER", true],
  ];
  for (const [status, code, isRetryable] of table) {
    const failure = judgeByStatus(reply(status), NOW);
    assertEquals(failure?.code ?? null, code, String(status));
    assertEquals(failure?.isRetryable ?? false, isRetryable, String(status));
  }
});

Deno.test("judgeByStatus() takes a success without JSON for a broken answer", () => {
  for (const text of ["<html></html>", ""]) {
    const failure = judgeByStatus(reply(200, { text }), NOW);
    assertEquals(failure?.code, "PROVIDER_BAD_ANSWER");
  }
});

Deno.test("judgeByStatus() passes on the wait that was asked for", () => {
  for (const status of [429, 503]) {
    const failure = judgeByStatus(reply(status, { headers: { "retry-after": "7" } }), NOW);
    assertEquals(failure?.waitMs, 7000);
  }
});

Deno.test("judgeByStatus() holds a refused key for an hour", () => {
  const failure = judgeByStatus(reply(401), NOW);
  assertExists(failure?.holdUntil);
  assertEquals(failure.holdUntil.toISOString(), "2026-11-21T13:00:00.000Z");
});

Deno.test("retryAfterMs() reads seconds and HTTP dates", () => {
  const table: readonly [string, number | null][] = [
    ["0", null],
    ["-5", null],
    ["120", 120_000],
    ["1.5", 1500],
    ["Sat, 21 Nov 2026 12:00:30 GMT", 30_000],
    ["Sat, 21 Nov 2026 11:00:00 GMT", null],
    ["soon", null],
    ["", null],
  ];
  for (const [value, expected] of table) {
    assertEquals(retryAfterMs(new Headers({ "retry-after": value }), NOW), expected, value);
  }
  assertEquals(retryAfterMs(new Headers(), NOW), null);
  const [retryAfter, date] = ["Sat, 21 Nov 2026 11:00:30 GMT", "Sat, 21 Nov 2026 11:00:00 GMT"];
  const late = new Headers({ "retry-after": retryAfter, date });
  assertEquals(retryAfterMs(late, NOW), 30_000, "by the sender's clock");
});

Deno.test("messageOf() finds the message in every form of error body", () => {
  const table: readonly [unknown, string | null][] = [
    [{ message: "Limit Exceeded" }, "Limit Exceeded"],
    [{ errorMessage: "Not Found" }, "Not Found"],
    [{ message: "", error_message: "gone" }, "gone"],
    [{ error: "notfound", key: "/works/OL1W" }, "notfound"],
    [{ error: { code: 429, message: "Quota" } }, "Quota"],
    [{ detail: [] }, null],
    [null, null],
    ["text", null],
  ];
  for (const [body, expected] of table) assertEquals(messageOf(body), expected);
});

Deno.test("excerpt() is one short line without markup", () => {
  const page = `<html><body>\n<h1>503   Service</h1>\n${"x ".repeat(500)}</body></html>`;
  const short = excerpt(reply(503, { text: page }));
  assert(short.startsWith("503 Service x x") && short.length <= 200);
  assertEquals(excerpt(reply(500, { text: "" })), "(no text)");
});

Deno.test("excerpt() leaves out what no database can store", () => {
  const text = `<p>bad\0 gate\ud800way ${"x".repeat(187)}\u{1F600}</p>`;
  assertEquals(excerpt(reply(502, { text })), `bad gateway ${"x".repeat(187)}`);
});

Deno.test("excerpt() reads what a page says, not how it looks or what it runs", () => {
  const table: readonly [string, string][] = [
    ["<head><style>body { color: red }</style><title>503</title></head><h1>Busy</h1>", "503 Busy"],
    ["<script src=x>if (a < b) { go('</div>') }</script >Come back later", "Come back later"],
    ["<!-- <p>for us</p> -->Too many<!--[if IE]>x<![endif]--> requests", "Too many requests"],
    ["<svg viewBox='0 0 9 9'><path d='M0 0h9'/></svg><p>Away</p>", "Away"],
    ["<p>Cut off in</p><STYLE type=text/css>@media { .a", "Cut off in"],
    ["<p>Cut off in</p><!-- a comment", "Cut off in"],
    [`<p>${" ".repeat(20_000)}Far down</p>`, "Far down"],
  ];
  for (const [text, expected] of table) {
    assertEquals(excerpt(reply(503, { text })), expected, text.slice(0, 80));
  }
});

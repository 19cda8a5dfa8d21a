import { assertEquals } from "@std/assert";
import { badAnswer } from "../../src/providers/bad_answer.ts";

Deno.test("badAnswer() names the provider, the status and what came instead", () => {
  const reply = { status: 200, headers: new Headers(), text: "{}", json: {}, isHtml: false };
  const error = badAnswer("shelf", { reply, found: "a body without books" });
  assertEquals(error.code, "PROVIDER_BAD_ANSWER");
  assertEquals(error.message, "shelf answered 200 with a body without books");
  assertEquals(error.details, { provider: "shelf", status: 200 });
});

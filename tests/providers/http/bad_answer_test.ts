import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { AppError } from "../../../src/errors.ts";
import { badAnswer, readAnswer } from "../../../src/providers/http/bad_answer.ts";

Deno.test("badAnswer() names the provider, the status and what came instead", () => {
  const reply = { status: 200, headers: new Headers(), text: "{}", json: {}, isHtml: false };
  const error = badAnswer("shelf", { reply, found: "a body without books" });
  assertEquals(error.code, "PROVIDER_BAD_ANSWER");
  assertEquals(error.message, "shelf answered 200 with a body without books");
  assertEquals(error.details, { provider: "shelf", status: 200 });
});

Deno.test("readAnswer() says what of an answer is wrong, and where", () => {
  const schema = z.object({ shelf: z.object({ books: z.array(z.string()) }) });
  const replyOf = (json: unknown) => (
    { status: 200, headers: new Headers(), text: JSON.stringify(json), json, isHtml: false }
  );
  const otherwise = "a shelf without books";
  const right = { shelf: { books: ["Salt"] } };
  assertEquals(readAnswer("shelf", { reply: replyOf(right), schema, otherwise }), right);
  const error = assertThrows(
    () => readAnswer("shelf", { reply: replyOf({ shelf: { books: [7] } }), schema, otherwise }),
    AppError,
  );
  assertEquals(error.code, "PROVIDER_BAD_ANSWER");
  assertEquals(
    error.message,
    "shelf answered 200 with a shelf without books " +
      "(shelf.books.0: Invalid input: expected string, received number)",
  );
});

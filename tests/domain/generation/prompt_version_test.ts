import { assertEquals } from "@std/assert";
import { buildPrompt, type PromptVariant } from "../../../src/domain/generation/prompt.ts";
import { bookListSchema } from "../../../src/domain/generation/prompt_version.ts";

Deno.test("an older version asks what it always asked, so that its answers are still remembered", () => {
  const month = { year: 2012, month: 3 };
  const asked: readonly [PromptVariant, hash: string][] = [
    ["baseline", "9a6fca985537de4dbf7bc61540f749318802c8dc114a1e65f8d2461807a414bb"],
    ["genre-rotation", "9b8b82684d6ece8e2db5b38c5e25590d48937e2b8dfc3efdc3cc6d0e7b8f3977"],
  ];
  for (const [variant, hash] of asked) {
    assertEquals(buildPrompt({ month, variant, maxBooks: 20, version: "1" }).hash, hash, variant);
  }
});

Deno.test("bookListSchema() wants series and number from version 2 on, as text or null", () => {
  const fieldsOf = (version: "1" | "2") => bookListSchema(version).properties.books.items;
  assertEquals(fieldsOf("1").required, ["title", "author", "month"]);
  assertEquals(fieldsOf("2").required, ["title", "author", "month", "series", "number"]);
  for (const name of ["series", "number"]) {
    assertEquals(fieldsOf("2").properties[name]?.type, ["string", "null"]);
  }
});

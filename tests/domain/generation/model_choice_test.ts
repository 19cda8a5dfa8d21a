import { assertEquals } from "@std/assert";
import { parseModelChoice } from "../../../src/domain/generation/model_choice.ts";

Deno.test("parseModelChoice() refuses what names no model", () => {
  for (const text of ["", "grok", "wikidata", "xai:", "xai: grok-4.3", "XAI", "gemini xai"]) {
    assertEquals(parseModelChoice(text), null, text);
  }
  assertEquals(parseModelChoice(" xai "), { generator: "xai", model: null });
});

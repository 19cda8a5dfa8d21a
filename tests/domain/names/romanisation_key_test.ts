import { assertEquals, assertNotEquals } from "@std/assert";
import { compareAuthors } from "../../../src/domain/names/author_score.ts";
import { romanisationKey } from "../../../src/domain/names/romanisation_key.ts";

Deno.test("romanisationKey() is one for the ways to write a Slavic name in Latin letters", () => {
  const names = [
    ["glukhovsky", "gluchovskij", "gluhovskii"],
    ["dostoevsky", "dostoyevskij", "dostojewski"],
    ["bulgakov", "bulgakow", "bulgakoff"],
    ["dmitry", "dmitrij", "dmitrii"],
  ];
  for (const spellings of names) {
    assertEquals(new Set(spellings.map(romanisationKey)).size, 1, spellings.join(" "));
  }
  assertNotEquals(romanisationKey("glukhovsky"), romanisationKey("gladkovsky"));
});

Deno.test("compareAuthors() knows a person through romanisations and scripts", () => {
  assertEquals(compareAuthors("Dmitry Glukhovsky", ["Gluchovskij, Dmitrij"]).verdict, "same");
  assertEquals(compareAuthors("Dmitry Glukhovsky", ["Дмитрий Глуховский"]).verdict, "same");
  assertEquals(compareAuthors("Haruki Murakami", ["村上春樹"]).verdict, "unreadable");
});

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import {
  BOOK_LIST_SCHEMA,
  buildPrompt,
  defaultVariant,
  isPromptVariant,
  PROMPT_VARIANTS,
} from "../../../src/domain/generation/prompt.ts";
import { monthFromIndex, monthName } from "../../../src/domain/months/month.ts";

const MARCH_2012 = { year: 2012, month: 3 };

Deno.test("buildPrompt() asks every variant for up to N books of the month, without guesses", () => {
  for (const variant of PROMPT_VARIANTS) {
    const { user, system } = buildPrompt({ month: MARCH_2012, variant, maxBooks: 17 });
    assertStringIncludes(user, "up to 17", variant);
    assertStringIncludes(user, "March 2012", variant);
    assertStringIncludes(user, "fewer than 17", variant);
    assertMatch(system, /never guess/i);
    assertMatch(system, /short list is a good answer/i);
  }
});

Deno.test("buildPrompt() never asks for an ISBN and says what does not count", () => {
  for (const variant of PROMPT_VARIANTS) {
    const { user, system } = buildPrompt({ month: MARCH_2012, variant, maxBooks: 20 });
    assert(!/isbn/i.test(user + system), `${variant} mentions ISBNs`);
    assertMatch(system, /reprints/i);
    assertMatch(system, /original\s+language/i);
    assertMatch(system, /first English edition/i);
  }
});

Deno.test("buildPrompt() gives the same question the same hash and any other another", () => {
  const month = fc.integer({ min: 2000 * 12, max: 2024 * 12 + 11 }).map(monthFromIndex);
  const options = fc.record({
    month,
    variant: fc.constantFrom(...PROMPT_VARIANTS),
    maxBooks: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(fc.property(options, options, (a, b) => {
    const [first, again, other] = [buildPrompt(a), buildPrompt({ ...a }), buildPrompt(b)];
    assertEquals(again, first);
    assertMatch(first.hash, /^[0-9a-f]{64}$/);
    const isSame = JSON.stringify(a) === JSON.stringify(b);
    assertEquals(first.hash === other.hash, isSame);
  }));
});

Deno.test("buildPrompt() asks for series and number in fields of their own, and a bare title", () => {
  for (const variant of PROMPT_VARIANTS) {
    const { user } = buildPrompt({ month: MARCH_2012, variant, maxBooks: 20 });
    assertMatch(user, /without the series/);
    assertStringIncludes(user, '"series": null, "number": null');
  }
});

Deno.test("buildPrompt() names its variant and version", () => {
  const options = { month: MARCH_2012, variant: "baseline" as const, maxBooks: 20 };
  const prompt = buildPrompt(options);
  assertEquals([prompt.variant, prompt.version], ["baseline", "2"]);
  const older = buildPrompt({ ...options, version: "1" });
  assertEquals(older.version, "1");
  assertNotEquals(older.hash, prompt.hash);
});

Deno.test("buildPrompt() words the six variants differently", () => {
  const questions = PROMPT_VARIANTS.map((variant) =>
    buildPrompt({ month: MARCH_2012, variant, maxBooks: 20 }).user
  );
  assertEquals(new Set(questions).size, PROMPT_VARIANTS.length);
});

Deno.test("buildPrompt() rotates genres by month and comes back after four", () => {
  const genres = (index: number): string => {
    const month = monthFromIndex(index);
    const { user } = buildPrompt({ month, variant: "genre-rotation", maxBooks: 20 });
    return user.replaceAll(monthName(month), "").replaceAll(String(month.year), "");
  };
  fc.assert(fc.property(fc.integer({ min: 2000 * 12, max: 2024 * 12 }), (index) => {
    const round = [0, 1, 2, 3].map((step) => genres(index + step));
    assertEquals(new Set(round).size, 4);
    assertEquals(genres(index + 4), round[0]);
  }));
});

Deno.test("buildPrompt() speaks of the year's world in era-contextualized", () => {
  const { user } = buildPrompt({ month: MARCH_2012, variant: "era-contextualized", maxBooks: 20 });
  assertStringIncludes(user, "the world of 2012");
});

Deno.test("defaultVariant() changes with the year 2020", () => {
  assertEquals([2000, 2019, 2020, 2024].map(defaultVariant), [
    "baseline",
    "baseline",
    "contemporary-notable",
    "contemporary-notable",
  ]);
});

Deno.test("isPromptVariant() knows the six names only", () => {
  assert(PROMPT_VARIANTS.every(isPromptVariant));
  assertEquals(["Baseline", "", "annual"].map(isPromptVariant), [false, false, false]);
});

Deno.test("BOOK_LIST_SCHEMA stays within what every provider accepts", () => {
  const forbidden = /minItems|maxItems|minimum|maximum|minLength|maxLength|pattern|format|\$ref/;
  assert(!forbidden.test(JSON.stringify(BOOK_LIST_SCHEMA)));
  const check = (node: unknown, depth: number): void => {
    if (typeof node !== "object" || node === null) return;
    assert(depth <= 3, "nested deeper than three levels");
    if ("properties" in node && "required" in node && "additionalProperties" in node) {
      assertEquals(node.additionalProperties, false);
      assertEquals(node.required, Object.keys(node.properties as object));
      for (const child of Object.values(node.properties as object)) check(child, depth + 1);
    }
    if ("items" in node) check(node.items, depth + 1);
  };
  check(BOOK_LIST_SCHEMA, 0);
  assertNotEquals(BOOK_LIST_SCHEMA.properties.books.items.required.length, 0);
});

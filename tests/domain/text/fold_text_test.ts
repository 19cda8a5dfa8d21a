import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { foldText, foldWords } from "../../../src/domain/text/fold_text.ts";

Deno.test("foldText() makes spellings of one text equal", () => {
  const groups = [
    ["Smilla's", "Smilla’s", "SMILLAS"],
    ["Jo Nesbø", "Jo Nesbo"],
    ["Łukasz Đurić", "lukasz duric"],
    ["Straße", "STRASSE", "strasse"],
    ["Æon Œuvre", "aeon oeuvre"],
    ["Rock & Roll", "Rock and Roll", "Rock + Roll"],
    ["Wall-Paper", "Wall–Paper", "wall paper"],
    ["20,000 Leagues", "20000 leagues"],
    ["Ｆｕｌｌ ｗｉｄｔｈ", "full width"],
    ["Чёрный ёж", "ЧЕРНЫЙ ЕЖ"],
    ["كتاب‌ ي", "کتاب ی"],
    ["Caf\u00e9", "Cafe\u0301"],
  ];
  for (const [first, ...others] of groups) {
    for (const other of others) assertEquals(foldText(other), foldText(first!), other);
  }
});

Deno.test("foldText() keeps letters of scripts in which marks make the letter", () => {
  assertEquals(foldText("がんばれ"), "がんばれ");
  assertEquals(foldText("엄마를 부탁해"), "엄마를 부탁해");
  assertEquals(foldText("हिन्दी"), "हिन्दी".normalize("NFC"));
  assertEquals(foldText("三体"), "三体");
});

Deno.test("foldText() keeps a text of signs only", () => {
  assertEquals(foldText("?!"), "?!");
  assertEquals(foldText("  … "), "...");
  assertEquals(foldWords(""), []);
});

Deno.test("foldText() is idempotent and never loses a text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      const folded = foldText(text);
      assertEquals(foldText(folded), folded);
      return folded !== "" || text.trim() === "" || !/[\p{L}\p{N}]/u.test(text);
    }),
    { numRuns: 1000 },
  );
});

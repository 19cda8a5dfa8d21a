import { assertEquals } from "@std/assert";
import {
  cleanText,
  cleanTexts,
  escapeUnprintable,
  withoutControls,
} from "../../../src/domain/text/clean_text.ts";

Deno.test("cleanText() leaves one line without what is not seen", () => {
  const cases: readonly [string, string][] = [
    ["Harrow\u001b[31m & Pike\r\nlevel=error", "Harrow & Pike level=error"],
    ["\u001b]0;title\u0007Pike\u009b2J", "Pike"],
    ["\u202eekiP\u2066 \u200bS\u00adalt\ufeff", "ekiP Salt"],
    ["Salt\u2028Ledger\0", "Salt Ledger"],
  ];
  for (const [dirty, clean] of cases) assertEquals(cleanText(dirty), clean);
});

Deno.test("cleanText() leaves the joiners that words and pictures need, and no others", () => {
  const persian = "می\u200cخواهم";
  const family = "👩\u200d👧";
  assertEquals([persian, family].map(cleanText), [persian, family]);
  assertEquals([persian, family].map(escapeUnprintable), [persian, family]);
  assertEquals(cleanText("Sa\u200dlt\u200c"), "Salt");
});

Deno.test("withoutControls() keeps the lines of an answer", () => {
  assertEquals(withoutControls('{\n\t"a": "\u202eb\u001b[2J"}\r\n\0'), '{\n\t"a": "b"}\r\n');
});

Deno.test("cleanTexts() reaches every text and no moment", () => {
  const at = new Date(0);
  assertEquals(cleanTexts([{ a: ["x\u202e"], at, n: 1, none: null }]), [
    { a: ["x"], at, n: 1, none: null },
  ]);
});

Deno.test("escapeUnprintable() leaves JSON the JSON that it was", () => {
  const value = { title: "a\u009b2J\u202e\u{e0041}b" };
  const shown = escapeUnprintable(JSON.stringify(value));
  assertEquals(/^[\x20-\x7e]+$/.test(shown), true, shown);
  assertEquals(JSON.parse(shown), value);
});

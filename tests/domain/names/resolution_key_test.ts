import { assertEquals, assertNotEquals } from "@std/assert";
import { resolutionKey } from "../../../src/domain/names/resolution_key.ts";

const QUESTION = { title: "The Salt Ledger: Tides", author: "Mara Quill and Ned Pike", year: 2012 };

Deno.test("resolutionKey() is shared by spellings of one question", () => {
  const key = resolutionKey(QUESTION);
  assertEquals(key, "salt ledger tides|mara quill&ned pike|2012");
  assertEquals(resolutionKey({ ...QUESTION, title: "SALT LEDGER - Tides" }), key);
  assertEquals(resolutionKey({ ...QUESTION, author: "Pike, Ned; Quill, Mara" }), key);
});

Deno.test("resolutionKey() differs where the answer could", () => {
  const others = [
    { ...QUESTION, year: 2013 },
    { ...QUESTION, author: "Mara Quill" },
    { ...QUESTION, title: "The Salt Ledger" },
    { ...QUESTION, title: "The Salt Ledger: Tides (Ledgers, #2)" },
    { ...QUESTION, title: "The Salt Ledger: Tides, Vol. 2" },
    { ...QUESTION, author: "" },
  ];
  for (const other of others) {
    assertNotEquals(resolutionKey(other), resolutionKey(QUESTION), JSON.stringify(other));
  }
  assertNotEquals(
    resolutionKey({ ...QUESTION, author: "Various" }),
    resolutionKey({ ...QUESTION, author: "Anonymous" }),
  );
});

import { assertEquals } from "@std/assert";
import { hyphenate } from "isbn3";
import { isbnLanguage } from "../../../src/domain/isbns/isbn_language.ts";

Deno.test("isbnLanguage() goes by the registration group, whatever its length", () => {
  const table = [
    ["9782070360024", "fr"],
    ["9791032705345", "fr"],
    ["9783442473663", "de"],
    ["9788804668237", "it"],
    ["9788408043645", "es"],
    ["9786070728792", "es"],
    ["9789722518345", "pt"],
    ["9781402894626", null],
    ["9780316018784", null],
    ["9798228386327", null],
    ["9789022260227", "nl"],
    ["9788129115300", null],
  ] as const;
  for (const [isbn, language] of table) assertEquals(isbnLanguage(isbn), language, isbn);
});

Deno.test("isbnLanguage() lists whole groups as the range message has them", () => {
  for (const isbn of ["9782070360024", "9788408043645", "9786070728792", "9783442473663"]) {
    const [prefix, group] = (hyphenate(isbn) ?? "").split("-");
    const others = `${prefix}${group}`.padEnd(13, "9");
    assertEquals(isbnLanguage(others), isbnLanguage(isbn), `${prefix}-${group}`);
  }
});

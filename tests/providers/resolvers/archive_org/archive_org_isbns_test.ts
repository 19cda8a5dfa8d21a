import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isIsbn13 } from "../../../../src/domain/isbns/isbn.ts";
import { ownIsbns } from "../../../../src/providers/resolvers/archive_org/archive_org_isbns.ts";

const A = "9781402894626";
const B = "9781402894633";

Deno.test("ownIsbns() keeps one number in whatever forms it is listed", () => {
  const lists: readonly (readonly string[])[] = [
    [A],
    ["1402894627"],
    [A, "1402894627"],
    ["1402894627 9781402894626"],
    ["978-1-4028-9462-6", "1-4028-9462-7"],
    ["978 1 4028 9462 6"],
    ["urn:isbn:9781402894626"],
    [A, A, "1402894627"],
    [A, "not a number", "1402894628"],
  ];
  for (const texts of lists) {
    assertEquals(ownIsbns(texts), [{ isbn13: A, binding: null }], texts.join());
  }
});

Deno.test("ownIsbns() keeps none of several numbers when nothing says whose they are", () => {
  const lists: readonly (readonly string[])[] = [
    [A, B],
    ["1402894627", B],
    [`${A}; ${B}`],
    [`${A} ${B}`],
    [`${A} (alk. paper)`, `${B} (acid-free)`],
    [],
    ["", "(pbk.)"],
  ];
  for (const texts of lists) assertEquals(ownIsbns(texts), [], texts.join());
});

Deno.test("ownIsbns() keeps several numbers that are other bindings of the book", () => {
  const hardcover = { isbn13: A, binding: "hardcover" } as const;
  const paperback = { isbn13: B, binding: "paperback" } as const;
  assertEquals(ownIsbns([`${A} (hardcover)`, "1402894635 (pbk. : alk. paper)"]), [
    hardcover,
    paperback,
  ]);
  assertEquals(ownIsbns([`${A} (hbk.) ; ${B} (pbk.)`]), [hardcover, paperback]);
  assertEquals(ownIsbns([`${A} (hbk.)`, "1402894627", B]), [hardcover]);
});

Deno.test("ownIsbns() keeps no number of an item that names volumes or a set", () => {
  const qualifiers = ["(v. 1)", "(vol. 2)", "(set)", "v.1", "(v. 1 : pbk.)", "(book 2)", "(Bd. 3)"];
  for (const qualifier of qualifiers) {
    assertEquals(ownIsbns([`${A} ${qualifier}`]), [], qualifier);
    assertEquals(ownIsbns([`${qualifier} ${A} (hbk.)`, "1402894627"]), [], qualifier);
    assertEquals(ownIsbns([`${A} (hbk.)`, `${B} ${qualifier}`]), [], qualifier);
  }
});

Deno.test("ownIsbns() does not cut a number out of a longer one", () => {
  for (const text of ["31402894627", "97814028946261", "OCLC 12345678901234567"]) {
    assertEquals(ownIsbns([text]), [], text);
  }
});

Deno.test("ownIsbns() gives valid numbers only, once each, whatever is listed", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789X- ()vset."), maxLength: 40 });
  const listed = fc.constantFrom(A, B, "1402894627", "978-1-4028-9464-0 (pbk.)");
  fc.assert(fc.property(fc.array(fc.oneof(digits, listed, fc.string())), (texts) => {
    const isbns = ownIsbns(texts).map(({ isbn13 }) => isbn13);
    assert(isbns.every(isIsbn13));
    assertEquals(new Set(isbns).size, isbns.length);
  }));
});

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { hyphenateIsbn13, isIsbn13, toIsbn13 } from "../../../src/domain/isbns/isbn.ts";

const DIGITS9 = fc.stringMatching(/^\d{9}$/);

/** An independent ISBN-10 checksum, written from the definition. */
function isbn10Of(nine: string): string {
  const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return nine + (check === 10 ? "X" : String(check));
}

Deno.test("isIsbn13() accepts books and refuses music, serials, placeholders and bad check digits", () => {
  for (const isbn of ["9781402894626", "9798887001005", "9780306406157"]) {
    assert(isIsbn13(isbn), isbn);
  }
  const refused = [
    "9790060115615", // 979-0: printed music
    "9771234567003", // 977: a serial
    "9780000000002", // placeholder of zeros
    "9781234567897", // placeholder that counts up
    "9781402894627", // wrong check digit
    "978140289462", // a digit short
    "",
  ];
  for (const isbn of refused) assert(!isIsbn13(isbn), isbn);
});

Deno.test("toIsbn13() reads every way catalogues write an ISBN", () => {
  const forms = [
    "9781402894626",
    "978-1-4028-9462-6",
    "978 1 4028 9462 6",
    "978–1–4028–9462–6",
    "1402894627",
    "1-4028-9462-7",
    "1402894627 (pbk.)",
    "(hbk) 9781402894626",
    "urn:isbn:9781402894626",
    "ISBN-13: 978-1-4028-9462-6",
    "ISBN 1402894627",
    "9781402894626 : $25.00",
    "0000000000; 9781402894626",
  ];
  for (const form of forms) assertEquals(toIsbn13(form), "9781402894626", form);
  assertEquals(toIsbn13("080442957x"), "9780804429573");
});

Deno.test("toIsbn13() answers null rather than guess", () => {
  for (
    const text of ["", "n/a", "9781402894627", "1402894628", "UOM:39015000000001", "1111111111"]
  ) {
    assertEquals(toIsbn13(text), null, text);
  }
  assertEquals(toIsbn13("39781402894626"), null, "fourteen digits hold no ISBN");
});

Deno.test("toIsbn13() turns any ISBN-10 into a valid ISBN-13 that keeps its digits", () => {
  fc.assert(fc.property(DIGITS9, (nine) => {
    const isbn13 = toIsbn13(isbn10Of(nine));
    // Null only for the fillers that are refused on purpose.
    if (isbn13 === null) return /^(\d)\1{8}$/.test(nine) || nine === "123456789";
    return isIsbn13(isbn13) && isbn13.slice(3, 12) === nine && toIsbn13(isbn13) === isbn13;
  }));
});

Deno.test("isIsbn13() notices any single wrong digit", () => {
  fc.assert(
    fc.property(DIGITS9, fc.nat(12), fc.integer({ min: 1, max: 9 }), (nine, place, shift) => {
      const isbn13 = toIsbn13(isbn10Of(nine));
      fc.pre(isbn13 !== null);
      const digit = (Number(isbn13[place]) + shift) % 10;
      return !isIsbn13(isbn13.slice(0, place) + digit + isbn13.slice(place + 1));
    }),
  );
});

Deno.test("hyphenateIsbn13() comes back through toIsbn13()", () => {
  assertEquals(hyphenateIsbn13("9798887001005"), "979-8-88700-100-5");
  assertEquals(hyphenateIsbn13("9781402894627"), null);
  fc.assert(fc.property(DIGITS9, (nine) => {
    const isbn13 = toIsbn13(isbn10Of(nine));
    fc.pre(isbn13 !== null);
    const hyphenated = hyphenateIsbn13(isbn13);
    return hyphenated === null || toIsbn13(hyphenated) === isbn13;
  }));
});

import { assertEquals } from "@std/assert";
import { isInCapitals, toNameCase, toTitleCase } from "../../../src/domain/text/letter_case.ts";

const IN_CAPITALS: readonly [string, boolean][] = [
  ["THE SALT LEDGER", true],
  ["DARTH MAUL", true],
  ["HIGH DRUID of SHANNARA", true],
  ["LEDGER", true],
  ["The Salt Ledger", false],
  ["NW", false],
  ["1Q84", false],
  ["NOS4A2", false],
  ["H.R.H.", false],
  ["QB VII", false],
  ["?!", false],
];

Deno.test("isInCapitals() tells a habit of cataloguing from a title that is written so", () => {
  for (const [text, expected] of IN_CAPITALS) assertEquals(isInCapitals(text), expected, text);
});

Deno.test("toTitleCase() writes small words small inside, numbers and initials as they are", () => {
  assertEquals(toTitleCase("THE MAN IN THE SALT LEDGER"), "The Man in the Salt Ledger");
  assertEquals(toTitleCase("WHAT WE LIVE FOR"), "What We Live For");
  assertEquals(toTitleCase("WORLD WAR II AND THE U.S. ARMY"), "World War II and the U.S. Army");
  assertEquals(toTitleCase("McNALLY'S CHANCE"), "McNally's Chance");
  assertEquals(toTitleCase("LEDGER: THE BEGINNING"), "Ledger: The Beginning");
});

Deno.test("toNameCase() keeps initials", () => {
  assertEquals(toNameCase("J. K. ROWLING"), "J. K. Rowling");
  assertEquals(toNameCase("FLANNERY O'CONNOR"), "Flannery O'Connor");
  assertEquals(toNameCase("URSULA K. LE GUIN"), "Ursula K. Le Guin");
});

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  isNumberWord,
  numbersAsDigits,
  romanValue,
} from "../../../src/domain/text/number_words.ts";

function digits(text: string): string {
  return numbersAsDigits(text.split(" ")).join(" ");
}

Deno.test("numbersAsDigits() writes cardinals, ordinals and years in digits", () => {
  const cases: [string, string][] = [
    ["twenty thousand leagues", "20000 leagues"],
    ["one hundred years of solitude", "100 years of solitude"],
    ["one hundred and one dalmatians", "101 dalmatians"],
    ["nineteen eighty four", "1984"],
    ["nineteen nineteen", "1919"],
    ["the fourth of july", "the 4th of july"],
    ["the twenty first letter", "the 21st letter"],
    ["twenty one days", "21 days"],
    ["two hundred thousand", "200000"],
    ["a thousand splendid suns", "a thousand splendid suns"],
    ["twenties girl", "twenties girl"],
    ["no numbers", "no numbers"],
  ];
  for (const [text, expected] of cases) assertEquals(digits(text), expected);
});

Deno.test("numbersAsDigits() leaves digits and their order alone", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^(\d{1,4}|[b-df-hj-np-tv-z]{3})$/)), (words) => {
      assertEquals(numbersAsDigits(words), words);
    }),
  );
});

Deno.test("romanValue() reads numerals of two letters and more, and no words", () => {
  const numerals: [string, number][] = [["ii", 2], ["iii", 3], ["iv", 4], ["ix", 9], [
    "xxxviii",
    38,
  ]];
  for (const [numeral, value] of numerals) assertEquals(romanValue(numeral), value);
  for (const word of ["i", "v", "x", "mix", "iiii", "vx", "", "civil"]) {
    assertEquals(romanValue(word), null, word);
  }
});

Deno.test("isNumberWord() knows digits and words", () => {
  for (const word of ["7", "4th", "seven", "seventy", "hundred", "seventh"]) {
    assert(isNumberWord(word));
  }
  for (const word of ["seventies", "ton", ""]) assert(!isNumberWord(word), word);
});

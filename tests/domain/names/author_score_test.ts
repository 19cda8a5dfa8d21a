import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { compareAuthors, comparePersons } from "../../../src/domain/names/author_score.ts";

Deno.test("compareAuthors() recognises one person under different spellings", () => {
  const pairs: [string, string][] = [
    ["J. R. R. Tolkien", "JRR Tolkien"],
    ["J. R. R. Tolkien", "Tolkien, John Ronald Reuel"],
    ["J. Robb", "J.D. Robb"],
    ["Kurt Vonnegut", "Kurt Vonnegut Jr."],
    ["Timothy Keller", "Tim J. Keller"],
    ["Scott Fitzgerald", "F. Scott Fitzgerald"],
    ["Maria Augusta Trapp", "Maria Augusta von Trapp"],
    ["Ursula LeGuin", "Ursula K. Le Guin"],
    ["Gabriel García Márquez", "Garcia Marquez, Gabriel"],
    ["García Márquez", "Gabriel García Márquez"],
    ["Murakami Haruki", "Haruki Murakami"],
    ["Shin Kyung-Sook", "Kyung-Sook Shin"],
    ["Fyodor Dostoyevsky", "Fedor Dostoevsky"],
    ["Oliver Poetzsch", "Oliver Pötzsch"],
    ["Alasdair MacDonald", "Alasdair McDonald"],
    ["Conor O'Brien", "Conor O Brien"],
    ["Bob Woodward", "Robert Woodward"],
    ["Robert Caro", "Robert aaro"],
    ["George", "Elizabeth George"],
    ["iDane Mott Davidson", "Diane Mott Davidson"],
    ["DDan Jones", "Dan Jones"],
    ["oJhn Flanagan", "John Flanagan"],
    ["Kasie Wes", "Kasie West"],
    ["村上 春樹", "村上春樹"],
  ];
  for (const [asked, given] of pairs) {
    assertEquals(compareAuthors(asked, [given]).verdict, "same", `${asked} / ${given}`);
    assertEquals(compareAuthors(given, [asked]).verdict, "same", `${given} / ${asked}`);
  }
});

Deno.test("compareAuthors() keeps people apart who share a surname or nearly do", () => {
  const pairs: [string, string][] = [
    ["Kristin Cast", "P.C. Cast"],
    ["J. D. Robb", "J. K. Robb"],
    ["Mary Higgins Clark", "Mary Jane Clark"],
    ["James Smith", "John Smith"],
    ["Elizabeth Gilbert", "Elizabeth Strout"],
    ["Dan Brown", "Don Broun"],
    ["Tana French", "Marilyn French"],
    ["Michael A. Singer", "A.L. Singer"],
    ["Dan Brown", "Ian Brown"],
    ["Kevin Lee", "Kevin Lew"],
  ];
  for (const [asked, given] of pairs) {
    assertEquals(compareAuthors(asked, [given]).verdict, "different", `${asked} / ${given}`);
  }
});

Deno.test("compareAuthors() passes on any one of several authors, in any order", () => {
  const authors = ["James Patterson", "Ellis, David (Contributor)"];
  for (const asked of ["David Ellis", "James Patterson and David Ellis", "Ellis & Patterson"]) {
    assertEquals(compareAuthors(asked, authors).verdict, "same", asked);
    assertEquals(
      compareAuthors(asked, authors.toReversed()).score,
      compareAuthors(asked, authors).score,
    );
  }
});

Deno.test("compareAuthors() has no evidence when one side names nobody", () => {
  for (const authors of [[], ["Various"], ["n/a", "Unknown"]]) {
    assertEquals(compareAuthors("Mara Quill", authors), { score: 0, verdict: "missing" });
  }
  assertEquals(compareAuthors("", ["Mara Quill"]).verdict, "missing");
});

Deno.test("compareAuthors() trusts a full name more than an initial or a bare surname", () => {
  const score = (asked: string) => compareAuthors(asked, ["Mara Quill"]).score;
  assert(score("Mara Quill") > score("M. Quill"));
  assert(score("M. Quill") > score("Quill"));
});

Deno.test("comparePersons() is symmetric, within 0–1, and 1 for a name against itself", () => {
  const word = fc.constantFrom(
    "j",
    "mara",
    "maria",
    "john",
    "quill",
    "quills",
    "mcadam",
    "macadam",
  );
  const person = fc.record({
    given: fc.array(word, { maxLength: 2 }),
    family: fc.array(word, { minLength: 1, maxLength: 2 }),
  });
  fc.assert(fc.property(person, person, (a, b) => {
    assertEquals(comparePersons(a, b), comparePersons(b, a));
    assertLessOrEqual(comparePersons(a, b), 1);
    assertEquals(comparePersons(a, a), 1);
  }));
});

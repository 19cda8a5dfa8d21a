import { assertEquals } from "@std/assert";
import { creditedNames } from "../../../src/domain/catalogue/credited_names.ts";
import { parseAuthors } from "../../../src/domain/names/author_name.ts";

const READ: readonly [string, readonly string[]][] = [
  ["Mara Quill", ["Mara Quill"]],
  ["Harrison, Kim", ["Kim Harrison"]],
  ["Moore, Christopher, author", ["Christopher Moore"]],
  ["Saul, John, 1984-", ["John Saul"]],
  ["King, Martin Luther, Jr.", ["Martin Luther King Jr."]],
  ["Martin Luther King, Jr.", ["Martin Luther King Jr."]],
  ["Le Guin, Ursula K.", ["Ursula K. Le Guin"]],
  ["García Márquez, Gabriel José", ["Gabriel José García Márquez"]],
  ["Saint-Exupéry, Antoine de", ["Antoine de Saint-Exupéry"]],
  ["Mara Quill & Tomas Breck", ["Mara Quill", "Tomas Breck"]],
  ["Quill, Mara; Breck, Tomas", ["Mara Quill", "Tomas Breck"]],
  ["Mara Quill, Ida Voss and Tomas Breck", ["Mara Quill", "Ida Voss", "Tomas Breck"]],
  ["James Patterson, Marshall Karp", ["James Patterson", "Marshall Karp"]],
  ["Laurell K. Hamilton, Laural Merlington", ["Laurell K. Hamilton", "Laural Merlington"]],
  ["Abi Daré, Ronke Adékoluejo", ["Abi Daré", "Ronke Adékoluejo"]],
  ["Isabel Allende, Nick Caistor, Amanda Hopkinson", [
    "Isabel Allende",
    "Nick Caistor",
    "Amanda Hopkinson",
  ]],
  ["Cast, P. C., Cast, Kristin", ["P. C. Cast", "Kristin Cast"]],
  ["Better Homes and Gardens", ["Better Homes and Gardens"]],
  ["Simon & Schuster", ["Simon & Schuster"]],
  ["Mara Quill (Editor)", ["Mara Quill"]],
  ["Mara Quill writing as Ida Voss", ["Mara Quill"]],
  ["MARA O'DELL QUILL", ["Mara O'Dell Quill"]],
  ["Various", []],
  ["", []],
];

Deno.test("creditedNames() reads the forms of catalogues and models", () => {
  for (const [credit, names] of READ) assertEquals(creditedNames(credit), names, credit);
});

Deno.test("creditedNames() reads what can be two people or one by whom other records name", () => {
  const credit = "Voss Harbour, Ida Maren";
  const read = (known: string) => creditedNames(credit, parseAuthors(known));
  assertEquals(read("Voss Harbour"), ["Voss Harbour", "Ida Maren"]);
  assertEquals(read("Ida Maren Voss Harbour"), ["Ida Maren Voss Harbour"]);
  assertEquals(read("Ida M. Voss Harbour"), ["Ida Maren Voss Harbour"]);
  // One of the two is named like the other with the names turned round.
  assertEquals(
    creditedNames("Gregory Maguire, Douglas Smith", [
      ...parseAuthors("Gregory Maguire"),
      ...parseAuthors("Douglas Smith"),
    ]),
    ["Gregory Maguire", "Douglas Smith"],
  );
  const durants = [...parseAuthors("Will Durant"), ...parseAuthors("Ariel Durant")];
  assertEquals(creditedNames("Will and Ariel Durant", durants), ["Will Durant", "Ariel Durant"]);
  assertEquals(creditedNames("Will and Ariel Durant"), ["Will and Ariel Durant"]);
});

import { assertEquals } from "@std/assert";
import { authorKey, parseAuthors } from "../../../src/domain/names/author_name.ts";

function read(credit: string): string[] {
  return parseAuthors(credit).map(({ given, family }) => `${given.join(" ")}|${family.join(" ")}`);
}

Deno.test("parseAuthors() reads one person in every order and dress", () => {
  const cases: [string, string][] = [
    ["Mara Quill", "mara|quill"],
    ["Quill, Mara", "mara|quill"],
    ["Quill, Mara, 1971- author", "mara|quill"],
    ["Quill, Mara, 1901-1984.", "mara|quill"],
    ["by Mara Quill", "mara|quill"],
    ["Mara Quill (Illustrator)", "mara|quill"],
    ["Mara Quill, Jr.", "mara|quill"],
    ["Quill, Mara, Jr.", "mara|quill"],
    ["Dr. Mara Quill PhD", "mara|quill"],
    ["J. R. R. Tolkien", "j r r|tolkien"],
    ["J.R.R. Tolkien", "j r r|tolkien"],
    ["JRR Tolkien", "j r r|tolkien"],
    ["Tolkien, JRR", "j r r|tolkien"],
    ["jean-sasson", "jean|sasson"],
    ["Ursula K. Le Guin", "ursula k|le guin"],
    ["Le Guin, Ursula K.", "ursula k|le guin"],
    ["Maria Augusta von Trapp", "maria augusta|von trapp"],
    ["George", "|george"],
    ["村上春樹", "|村上春樹"],
  ];
  for (const [credit, expected] of cases) assertEquals(read(credit)[0], expected, credit);
});

Deno.test("parseAuthors() finds everybody on a line", () => {
  const expected = ["sam|smith", "doug|grud"];
  const lines = ["Sam Smith and Doug Grud", "Sam Smith & Doug Grud", "Sam Smith; Doug Grud"];
  for (const line of [...lines, "Sam Smith with Doug Grud", "Sam Smith / Doug Grud"]) {
    assertEquals(read(line), expected, line);
  }
  assertEquals(read("Ann Bee, Cal Dee, Eve Fay"), ["ann|bee", "cal|dee", "eve|fay"]);
  assertEquals(read("Nora Roberts writing as J.D. Robb"), ["nora|roberts", "j d|robb"]);
  assertEquals(read("J.D. Robb (pseudonym of Nora Roberts)"), ["j d|robb", "nora|roberts"]);
});

Deno.test("parseAuthors() gives both readings of a comma that can be read two ways", () => {
  assertEquals(read("Garcia Marquez, Gabriel Jose").includes("gabriel jose|garcia marquez"), true);
  assertEquals(read("Stephen King, Peter Straub").includes("peter|straub"), true);
});

Deno.test("parseAuthors() finds nobody where nobody is named", () => {
  for (const credit of ["", "Various", "Unknown", "n/a", "Anonymous", "1971-", "—"]) {
    assertEquals(read(credit), [], credit);
  }
});

Deno.test("authorKey() is shared by spellings of one author", () => {
  for (const name of ["J.K. Rowling", "Rowling, J. K.", "JK Rowling", "Joanne Rowling & Others"]) {
    assertEquals(authorKey(name), "rowling j", name);
  }
  assertEquals(authorKey("Rowling"), "rowling");
  assertEquals(authorKey("Various"), "");
});

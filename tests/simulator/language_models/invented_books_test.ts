import { assert, assertEquals } from "@std/assert";
import { foldText } from "../../../src/domain/text/fold_text.ts";
import { createInventions } from "../../../src/simulator/language_models/invented_books.ts";
import { joinTitle } from "../../../src/simulator/books/title_parts.ts";
import { shippedCatalogue } from "../shipped_catalogue.ts";

const inventions = createInventions(shippedCatalogue);
const made = Array.from({ length: 300 }, (_, month) => inventions.make(`1:xai:${month}`, 2)).flat();

Deno.test("Inventions make() makes the books asked for, the same ones for the same key", () => {
  assertEquals(made.length, 600);
  assertEquals(
    createInventions(shippedCatalogue).make("1:xai:7", 2),
    inventions.make("1:xai:7", 2),
  );
  assert(new Set(made.map(({ title }) => title)).size > 590);
});

Deno.test("Inventions make() takes real authors and no title of the catalogue", () => {
  const { works } = shippedCatalogue;
  const authors = new Set(works.flatMap((work) => work.authors));
  const titles = new Set(
    works.flatMap((work) => [work, ...work.editions])
      .flatMap((form) => [form.title, joinTitle(form)]).map(foldText),
  );
  for (const book of made) {
    assert(book.authors.every((author) => authors.has(author)), book.authors.join(", "));
    assert(!titles.has(foldText(book.title)), book.title);
  }
});

Deno.test("Inventions isInvented() is true for what was made up, and only for that", () => {
  for (const { title, authors } of made) {
    assert(inventions.isInvented({ title, author: authors.join(", ") }), title);
  }
  for (const book of shippedCatalogue.unknownBooks) assert(inventions.isInvented(book), book.title);
  const wronglyInvented = [...shippedCatalogue.worksByMonth.values()].flat()
    .filter((work) =>
      inventions.isInvented({ title: joinTitle(work), author: work.authors.join("; ") })
    );
  assertEquals(wronglyInvented.map(({ title }) => title), []);
});

Deno.test("Inventions isInvented() looks at the author, and past case and subtitle", () => {
  assert(!inventions.isInvented({ title: "GONE GIRL", author: "gillian flynn" }));
  assert(!inventions.isInvented({ title: "Gone Girl: A Novel", author: "Gillian Flynn" }));
  assert(inventions.isInvented({ title: "Gone Girl", author: "Stephen King" }));
  // A model may leave the series in the title.
  assert(!inventions.isInvented({ title: "Left Behind: The Indwelling", author: "Tim LaHaye" }));
  assert(
    !inventions.isInvented({ title: "The Indwelling (Left Behind, #7)", author: "Tim LaHaye" }),
  );
});

Deno.test("Inventions make() gives up on a catalogue with nothing to recombine", () => {
  const empty = { works: [], isbns: new Map(), worksByMonth: new Map(), unknownBooks: [] };
  assertEquals(createInventions(empty).make("x", 3), []);
});

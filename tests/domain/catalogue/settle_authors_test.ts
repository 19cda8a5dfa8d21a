import { assertEquals } from "@std/assert";
import { settleAuthors } from "../../../src/domain/catalogue/settle_authors.ts";

function person(...name_keys: readonly string[]) {
  return { name: name_keys[0]!, name_keys };
}

function known(author_id: number, ...name_keys: readonly string[]) {
  return { author_id, name_key: name_keys[0]!, name_keys };
}

Deno.test("settleAuthors() finds an author by every name, and makes one of several", () => {
  const { authors, of } = settleAuthors(
    [person("joanne k rowling", "j k rowling"), person("mara quill"), person("j k rowling")],
    [known(1, "j k rowling"), known(2, "joanne k rowling"), known(3, "mara quill")],
  );
  assertEquals(of, [0, 1, 0]);
  assertEquals(authors.map(({ author_id, merged }) => [author_id, merged]), [[1, [2]], [3, []]]);
  assertEquals(authors[0]!.name_key, "joanne k rowling");
});

Deno.test("settleAuthors() makes new authors once, under all names of their books", () => {
  const { authors, of } = settleAuthors(
    [person("j k rowling"), person("joanne k rowling", "j k rowling")],
    [],
  );
  assertEquals(of, [0, 0]);
  assertEquals(authors.map(({ author_id, name_keys }) => [author_id, name_keys.length]), [[
    null,
    2,
  ]]);
});

Deno.test("settleAuthors() never joins people by one initial", () => {
  const persons = [person("john smith", "j smith"), person("jane smith", "j smith")];
  const { authors, of } = settleAuthors(persons, [known(1, "j smith")]);
  assertEquals(of, [0, 1]);
  assertEquals(authors.map(({ author_id }) => author_id), [null, null]);
});

Deno.test("settleAuthors() leaves a name that two authors share to itself", () => {
  const two = [
    known(1, "sean b carroll", "sean carroll"),
    known(2, "sean m carroll", "sean carroll"),
  ];
  const { authors } = settleAuthors([person("sean carroll")], two);
  assertEquals(authors.map(({ author_id, merged }) => [author_id, merged]), [[null, []]]);
});

Deno.test("settleAuthors() joins no author whose other names are somebody else's", () => {
  const { authors } = settleAuthors(
    [person("sean m carroll", "sean carroll")],
    [known(1, "sean b carroll", "sean carroll")],
  );
  assertEquals(authors.map(({ author_id, name_key }) => [author_id, name_key]), [[
    null,
    "sean m carroll",
  ]]);
});

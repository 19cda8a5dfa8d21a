import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mentionedTerms, parseLucene } from "../../../src/simulator/search/lucene_query.ts";

function words(field: string | null, text: string, isPhrase = false) {
  return { kind: "words" as const, field, text, isPhrase };
}

Deno.test("parseLucene() joins fields, phrases and ranges by AND", () => {
  const query = 'title:"salt ledger" AND author:quill first_publish_year:[2023 TO 2025]';
  assertEquals(parseLucene(query), {
    kind: "and",
    nodes: [
      words("title", "salt ledger", true),
      words("author", "quill"),
      { kind: "range", field: "first_publish_year", from: "2023", to: "2025" },
    ],
  });
});

Deno.test("parseLucene() gives a field to everything in its brackets", () => {
  assertEquals(parseLucene("isbn:(9781402894626 OR 1402894635)"), {
    kind: "or",
    nodes: [words("isbn", "9781402894626"), words("isbn", "1402894635")],
  });
});

Deno.test("parseLucene() takes escaped signs for text", () => {
  assertEquals(
    parseLucene("title:(What\\?\\! \\(again\\))"),
    { kind: "and", nodes: [words("title", "What?!"), words("title", "(again)")] },
  );
  assertEquals(parseLucene('title:"a \\"b\\" c"'), words("title", 'a "b" c', true));
});

Deno.test("parseLucene() reads OR below AND and both signs of negation", () => {
  assertEquals(parseLucene("a b OR c -d NOT e"), {
    kind: "or",
    nodes: [
      { kind: "and", nodes: [words(null, "a"), words(null, "b")] },
      {
        kind: "and",
        nodes: [
          words(null, "c"),
          { kind: "not", node: words(null, "d") },
          { kind: "not", node: words(null, "e") },
        ],
      },
    ],
  });
});

Deno.test("parseLucene() leaves a hyphen inside a word alone", () => {
  assertEquals(parseLucene("Spider-Man"), words(null, "Spider-Man"));
});

Deno.test("parseLucene() leaves out words without a letter or digit, with their field", () => {
  assertEquals(parseLucene("title:\u2014 author:quill"), words("author", "quill"));
  assertEquals(parseLucene("salt \u2026 ledger"), {
    kind: "and",
    nodes: [words(null, "salt"), words(null, "ledger")],
  });
});

Deno.test("parseLucene() reads field:* as a range without ends and hyphens in names of fields", () => {
  assertEquals(parseLucene("isbn:*"), { kind: "range", field: "isbn", from: "*", to: "*" });
  assertEquals(
    parseLucene('-related-external-id:"urn:isbn:9781402894626"'),
    { kind: "not", node: words("related-external-id", "urn:isbn:9781402894626", true) },
  );
  assertEquals(parseLucene("*"), null);
});

Deno.test("parseLucene() negates what stands behind a bare exclamation mark, wherever it stands", () => {
  const not = (text: string) => ({ kind: "not" as const, node: words(null, text) });
  assertEquals(parseLucene("Help! My"), { kind: "and", nodes: [words(null, "Help"), not("My")] });
  assertEquals(parseLucene("title:(Help!) a"), {
    kind: "and",
    nodes: [words("title", "Help"), words(null, "a")],
  });
  assertEquals(parseLucene("Help\\!"), words(null, "Help!"));
});

Deno.test("parseLucene() takes a word with a bare star for a pattern", () => {
  const node = parseLucene("M*A.\\*s");
  assert(node?.kind === "words" && node.pattern !== undefined);
  assert(node.pattern.test("mxxa.*s") && !node.pattern.test("mxxab*s"));
  const plain = parseLucene("a\\*b");
  assert(plain?.kind === "words" && plain.pattern === undefined);
});

Deno.test("parseLucene() comes to an end on any text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    parseLucene(text);
  }));
  const signs = fc.string({
    unit: fc.constantFrom(...'ab:()[]"\\-+ !{}'.split(""), " OR ", " AND "),
  });
  fc.assert(fc.property(signs, (text) => {
    parseLucene(text);
  }));
  assertEquals(parseLucene(" () "), null);
});

Deno.test("mentionedTerms() leaves out what is negated", () => {
  const node = parseLucene("title:a AND NOT author:b");
  assertEquals(node && mentionedTerms(node), [words("title", "a")]);
});

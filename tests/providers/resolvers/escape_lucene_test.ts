import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { escapeLucene } from "../../../src/providers/resolvers/escape_lucene.ts";

Deno.test("escapeLucene() leaves no character that means something to the parser bare", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const escaped = escapeLucene(text);
    assertEquals(escaped.replace(/\\(.)/gsu, "$1"), text);
    assert(!/[+\-&|!(){}[\]^"~*?:/]/.test(escaped.replace(/\\./gsu, "")), escaped);
  }));
});

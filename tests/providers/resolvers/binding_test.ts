import { assertEquals } from "@std/assert";
import { toBinding } from "../../../src/providers/resolvers/binding.ts";

Deno.test("toBinding() understands what catalogues write", () => {
  const table: readonly [string | null, ReturnType<typeof toBinding>][] = [
    ["Hardcover", "hardcover"],
    ["hardback", "hardcover"],
    ["HC", "hardcover"],
    ["Library Binding", "library"],
    ["School & Library Binding", "library"],
    ["Paperback", "paperback"],
    ["Trade paperback", "paperback"],
    ["Softcover", "paperback"],
    ["pbk.", "paperback"],
    ["Perfect Paperback", "paperback"],
    ["Mass Market Paperback", "mass_market"],
    ["Kindle Edition", "ebook"],
    ["eBook", "ebook"],
    ["E-book", "ebook"],
    ["[electronic resource]", "ebook"],
    ["Audio CD", "audio"],
    ["MP3 CD", "audio"],
    ["Audiobook", "audio"],
    ["Large Print Hardcover", "large_print"],
    ["Calendar", "other"],
    ["Unknown Binding", null],
    ["", null],
    [null, null],
  ];
  for (const [text, expected] of table) assertEquals(toBinding(text), expected, String(text));
});

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { authorKey, authorKeys, personKey } from "../../../src/domain/names/author_name.ts";
import { boundedKey } from "../../../src/domain/text/bounded_key.ts";
import { resolutionKey } from "../../../src/domain/names/resolution_key.ts";
import { workKeys } from "../../../src/domain/names/work_keys.ts";

/** Two keys and what Postgres adds fit into an index row of 2,704 bytes. */
const MOST_BYTES = 1_300;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

Deno.test("boundedKey() keeps keys of ordinary length and tells long ones apart", () => {
  const long = "寒".repeat(2_000);
  assertEquals(boundedKey("寒い冬|quill m"), "寒い冬|quill m");
  assert(boundedKey(long).startsWith("寒寒寒"));
  assert(bytes(boundedKey(long)) < MOST_BYTES);
  assertEquals(boundedKey(long), boundedKey("寒".repeat(2_000)));
  assertNotEquals(boundedKey(long), boundedKey(`${long}い`));
});

Deno.test("no key that is indexed grows with what a catalogue or a model says", () => {
  const names = Array.from({ length: 150 }, () => crypto.randomUUID().replaceAll("-", " x"));
  const word = Array.from({ length: 100 }, () => crypto.randomUUID()).join("").replaceAll("-", "");
  for (const author of [names.join(" & "), word, `${word}, ${word}`, "寒".repeat(2_000)]) {
    const keys = workKeys({ title: `${word} ${word}`, author });
    const all = [
      keys.author_key,
      keys.identity_key,
      authorKey(author),
      ...authorKeys(author),
      personKey(author),
      resolutionKey({ title: word, author, year: 2012 }),
    ];
    for (const key of all) assert(bytes(key) < MOST_BYTES, `${bytes(key)} bytes: ${key}`);
  }
});

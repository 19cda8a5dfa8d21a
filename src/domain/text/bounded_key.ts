import { createHash } from "node:crypto";

/**
 * Bytes of UTF-8 a key may have. A row of a B-tree index holds at most 2,704 bytes (a third of a page,
 * https://www.postgresql.org/docs/current/btree.html#BTREE-LIMITATIONS), and what it says is too large
 * costs the whole transaction.
 */
const MAX_BYTES = 1_000;

/** Letters of a longer key that are kept, so that people can still tell what it is of. */
const KEPT_LETTERS = 100;

/**
 * The key, if it is short enough for an index; else its beginning with a hash of all of it (SHA-256).
 * Equal keys stay equal and different ones different, whatever a catalogue takes for a name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(boundedKey("salt ledger|mara quill|2024"), "salt ledger|mara quill|2024");
 * assertEquals(boundedKey("very ".repeat(1_000)).length, 165);
 * ```
 */
export function boundedKey(key: string): string {
  if (new TextEncoder().encode(key).length <= MAX_BYTES) return key;
  const hash = createHash("sha256").update(key).digest("hex");
  return `${[...key].slice(0, KEPT_LETTERS).join("")} ${hash}`;
}

import { mapTexts } from "../../domain/text/clean_text.ts";

/** What Postgres can hold in no text and no jsonb: U+0000 and halves of surrogate pairs. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/;
const REPLACEMENT = "\uFFFD";

/**
 * The text with U+FFFD in the place of every character that Postgres refuses.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(storableText("Salt\0 Ledger"), "Salt\uFFFD Ledger");
 * ```
 */
export function storableText(text: string): string {
  return text.replaceAll("\0", REPLACEMENT).toWellFormed();
}

/** JSON of the value, with {@linkcode storableText} in the place of every text and name in it. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // The standard form escapes exactly these characters; a text that says "\u0000" has two backslashes,
  // and goes the slow way for nothing.
  return UNSTORABLE_ESCAPE.test(json) ? JSON.stringify(mapTexts(value, storableText)) : json;
}

/** Type numbers are those of `pg_type`. */
const handlers = {
  string: { to: 25, from: [], serialize: (text: unknown) => storableText(String(text)) },
  json: {
    to: 114,
    from: [114, 3802],
    serialize: storableJson,
    parse: (json: string) => JSON.parse(json),
  },
};

/**
 * How texts and JSON cross to Postgres on every connection: what models and catalogues say must never
 * make a statement fail. The client's own types, written differently: none that its `Sql` would have to
 * be typed with.
 */
export const STORABLE_TYPES = handlers as unknown as Record<string, never>;

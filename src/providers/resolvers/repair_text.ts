import { decodeHTMLStrict } from "entities";

/** The byte that each character stands for in windows-1252, the encoding damaged texts were taken for. */
const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => {
    return [new TextDecoder("windows-1252").decode(Uint8Array.of(byte)), byte] as const;
  }),
);

/** A character of two or three bytes read one byte at a time: "Ã©" was "é", "â€™" was "’". */
const MISREAD =
  /[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u2122 ]/u;

/**
 * A text of a catalogue with what was lost on its way to it put right: HTML entities ("Eleanor &amp; Park")
 * and UTF-8 that was once read as windows-1252 ("GarcÃ­a"). A text that is no such thing comes back as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(repairText("Ender&#39;s Shadow"), "Ender's Shadow");
 * assertEquals(repairText("GarcÃ­a MÃ¡rquez"), "García Márquez");
 * assertEquals(repairText("São Paulo"), "São Paulo");
 * ```
 */
export function repairText(text: string): string {
  return decodeHTMLStrict(reread(text));
}

function reread(damaged: string): string {
  // Of "Ã\u00ad" (í) and "Ã\u00a0" (à) the second half is a sign that others drop or straighten.
  const text = damaged.replace(/\u00c3(?=[a-z])/gu, "\u00c3\u00ad")
    .replace(/\u00c3(?= )/gu, "\u00c3\u00a0");
  if (!MISREAD.test(text)) return damaged;
  const bytes = [...text].map((character) => BYTES.get(character));
  if (bytes.includes(undefined)) return damaged;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes as number[]));
  } catch (error) {
    // Not UTF-8, so the letters are meant.
    if (error instanceof TypeError) return damaged;
    throw error;
  }
}

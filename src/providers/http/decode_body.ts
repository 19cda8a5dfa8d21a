/** What a decoder takes the labels of Latin-1 and ASCII for (WHATWG Encoding §4.2). */
const SINGLE_BYTE = "windows-1252";

/**
 * The text of a body, by the charset its `Content-Type` names; UTF-8 when it names none or one that
 * nobody knows. What is called Latin-1 and is valid UTF-8 is UTF-8: frameworks put that label on all
 * they send, and Latin-1 with an accent in it is hardly ever valid.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const body = Uint8Array.of(0x5a, 0x6f, 0xeb);
 * assertEquals(decodeBody(body, "application/json; charset=ISO-8859-1"), "Zoë");
 * ```
 */
export function decodeBody(body: Uint8Array<ArrayBuffer>, contentType: string | null): string {
  const label = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  const decoder = decoderFor(label);
  return decoder.encoding === SINGLE_BYTE
    ? asUtf8(body) ?? decoder.decode(body)
    : decoder.decode(body);
}

function decoderFor(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder(); // no such charset
    throw error;
  }
}

/** Null when it is something else. */
function asUtf8(body: Uint8Array<ArrayBuffer>): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

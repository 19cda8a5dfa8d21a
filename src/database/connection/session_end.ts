import type { Buffer } from "node:buffer";

/** A message's kind (one letter) and its length, which counts itself but not the letter. */
export const HEADER_BYTES = 5;
/** After these a session is over; a milder error leaves it going. */
const FINAL_SEVERITY = /^(FATAL|PANIC)$/;

/**
 * The error with which a server ends the session, when whole messages it sent hold one; its `code` is
 * the SQLSTATE. Null when the session goes on.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function sessionEnd(messages: Buffer): Error | null {
  for (let at = 0; at + HEADER_BYTES <= messages.length;) {
    const next = at + 1 + messages.readUInt32BE(at + 1);
    if (messages[at] === "E".charCodeAt(0)) {
      const error = readError(messages.subarray(at + HEADER_BYTES, next));
      if (FINAL_SEVERITY.test(error.severity)) {
        return Object.assign(new Error(error.message), { code: error.code });
      }
    }
    at = next;
  }
  return null;
}

/** The fields of an ErrorResponse: each begins with its letter and ends with a zero byte. */
export function readError(body: Buffer): { severity: string; code: string; message: string } {
  const fields = body.toString().split("\0");
  const field = (letter: string): string =>
    fields.find((one) => one.startsWith(letter))?.slice(1) ?? "";
  return { severity: field("V"), code: field("C"), message: field("M") };
}

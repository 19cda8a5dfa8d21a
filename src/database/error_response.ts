import type { Buffer } from "node:buffer";

/** What a server says is wrong. */
export interface ErrorFields {
  /** The SQLSTATE. */
  readonly code: string;
  readonly message: string;
}

/**
 * Reads the body of an ErrorResponse: fields that are a letter and a text each.
 *
 * https://www.postgresql.org/docs/current/protocol-error-fields.html
 */
export function readErrorFields(body: Buffer): ErrorFields {
  const fields = body.toString().split("\0");
  const field = (letter: string): string =>
    fields.find((one) => one.startsWith(letter))?.slice(1) ?? "";
  return { code: field("C"), message: field("M") };
}

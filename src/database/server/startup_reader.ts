import { Buffer } from "node:buffer";
import type { ServerState } from "../../domain/connection/connection_attempts.ts";
import { HEADER_BYTES, readError } from "../connection/session_end.ts";

/** How the start of a session ended. */
export type StartupEnd =
  | { readonly kind: "ready"; readonly state: ServerState; readonly rest: Buffer }
  | {
    readonly kind: "refused";
    readonly code: string;
    readonly message: string;
    readonly rest: Buffer;
  };

/**
 * Reads what a server sends from the start-up message to the moment it is ready for queries or
 * refuses. `rest` begins with the message that says so.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class StartupReader {
  #unread: Buffer = Buffer.alloc(0);
  readonly #state: Record<string, string> = {};

  /** Takes the next bytes; gives the whole messages that came before the end, and the end. */
  read(bytes: Uint8Array): { passed: Buffer; end: StartupEnd | null } {
    const all = Buffer.concat([this.#unread, bytes]);
    let at = 0;
    while (all.length >= at + HEADER_BYTES) {
      const next = at + 1 + all.readUInt32BE(at + 1);
      if (all.length < next) break;
      const body = all.subarray(at + HEADER_BYTES, next);
      const passed = all.subarray(0, at);
      const rest = all.subarray(at);
      switch (String.fromCharCode(all[at]!)) {
        case "S": {
          const [name, value] = body.toString().split("\0");
          this.#state[name!] = value!;
          break;
        }
        case "E": {
          const { code, message } = readError(body);
          return { passed, end: { kind: "refused", code, message, rest } };
        }
        case "Z":
          return { passed, end: { kind: "ready", state: this.#state, rest } };
      }
      at = next;
    }
    this.#unread = all.subarray(at);
    return { passed: all.subarray(0, at), end: null };
  }
}

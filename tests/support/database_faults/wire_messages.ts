/** What a client sent up to a message that makes the server answer. */
export interface Exchange {
  readonly bytes: Uint8Array;
  /**
   * Texts of the statements it has carried out, with single spaces; {@linkcode CONNECT} for the first.
   * What begins and ends transactions is "begin", "commit" or "rollback", whatever else it says.
   */
  readonly statements: readonly string[];
  /** Whether the answer to it ends with a ReadyForQuery. */
  readonly isSynced: boolean;
}

/** Stands for the message a connection begins with. */
export const CONNECT = "connect";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Reads the messages of one client of Postgres, as the protocol 3.0 frames them, without TLS. */
export class ExchangeReader {
  #unread = new Uint8Array();
  #isStarted = false;
  readonly #prepared = new Map<string, string>();
  #bound = "";
  #messages: Uint8Array[] = [];
  #statements: string[] = [];

  /** The exchanges that are complete with these bytes. */
  read(bytes: Uint8Array): Exchange[] {
    this.#unread = concat([this.#unread, bytes]);
    const exchanges: Exchange[] = [];
    for (let message = this.#next(); message !== null; message = this.#next()) {
      const end = this.#take(message);
      if (end === null) continue;
      const isSynced = end === "synced";
      exchanges.push({ bytes: concat(this.#messages), statements: this.#statements, isSynced });
      this.#messages = [];
      this.#statements = [];
    }
    return exchanges;
  }

  #next(): Uint8Array | null {
    const message = nextMessage(this.#unread, this.#isStarted);
    if (message !== null) this.#unread = this.#unread.subarray(message.length);
    return message;
  }

  #take(message: Uint8Array): "synced" | "flushed" | null {
    this.#messages.push(message);
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#statements.push(CONNECT);
      return "synced";
    }
    const [first = "", second = ""] = decoder.decode(message.subarray(5)).split("\0");
    switch (typeOf(message)) {
      case "P": // Parse: name, text
        this.#prepared.set(first, second);
        return null;
      case "B": // Bind: portal, name
        this.#bound = this.#prepared.get(second) ?? "";
        return null;
      case "E": // Execute
        this.#statements.push(oneLine(this.#bound));
        return null;
      case "Q": // Query
        this.#statements.push(oneLine(first));
        return "synced";
      case "S": // Sync
        return "synced";
      case "p": // the password
      case "H": // Flush
      case "X": // Terminate
        return "flushed";
      default:
        return null;
    }
  }
}

/** The first whole message of `bytes`; null when there is none yet. */
export function nextMessage(bytes: Uint8Array, hasType = true): Uint8Array | null {
  const at = hasType ? 1 : 0;
  if (bytes.length < at + 4) return null;
  const length = at + new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  return bytes.length < length ? null : bytes.subarray(0, length);
}

/** The whole messages of `bytes`, each with its type. */
export function messagesOf(bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let message = nextMessage(bytes); message !== null; message = nextMessage(bytes)) {
    messages.push(message);
    bytes = bytes.subarray(message.length);
  }
  return messages;
}

/** A query that the server itself answers with an error of that SQLSTATE, in whatever state it is. */
export function failingQuery(sqlstate: string): Uint8Array {
  return message(
    "Q",
    `DO $$ BEGIN RAISE EXCEPTION 'as the test wants it' USING ERRCODE = '${sqlstate}'; END $$\0`,
  );
}

/** A commit that fails ends its transaction, so this has to follow where a failing query stands for it. */
export const ROLLBACK = message("Q", "ROLLBACK\0");

/** The type of a message. */
export function typeOf(message: Uint8Array): string {
  return String.fromCharCode(message[0]!);
}

/** What a server says that takes no connection. */
export function refusal(sqlstate: string): Uint8Array {
  return message("E", `SFATAL\0VFATAL\0C${sqlstate}\0Mas the test wants it\0\0`);
}

function message(type: string, text: string): Uint8Array {
  const body = encoder.encode(text);
  const bytes = new Uint8Array(5 + body.length);
  bytes[0] = type.charCodeAt(0);
  new DataView(bytes.buffer).setUint32(1, 4 + body.length);
  bytes.set(body, 5);
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function oneLine(text: string): string {
  const [word] = /^(begin|commit|rollback)\b/i.exec(text) ?? [];
  return word?.toLowerCase() ?? text.replace(/\s+/g, " ").trim();
}

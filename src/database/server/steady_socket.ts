import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { HEADER_BYTES, readError } from "../connection/session_end.ts";

/** By then every rollback that a lost connection causes has been tried and refused. */
const LINGER_MS = 1_000;

/**
 * A socket for postgres.js that outlives its connection by a second. The client forgets a socket as
 * soon as it closes, and then writes the rollback of the transaction that was cut to the socket it no
 * longer has: an exception nobody can catch, which ends the process. Here the loss is told as an
 * error first, what is written afterwards is refused with the same error, and the close comes later.
 */
export class SteadySocket extends EventEmitter {
  #raw: Duplex | null = null;
  #unsent: Uint8Array[] = [];
  #loss: Error | null = null;
  /** The client said goodbye itself: nothing is cut, and nothing will be written any more. */
  #isEnding = false;
  readonly #onLoss: (error: Error) => void;

  /** `onLoss` hears once that the connection is no more, before the client does. */
  constructor(opening: Promise<Duplex>, { onLoss }: { onLoss: (error: Error) => void }) {
    super();
    this.#onLoss = onLoss;
    opening.then(
      (raw) => this.#attach(raw),
      (error) => this.#lose(error),
    );
  }

  get readyState(): "open" | "closed" {
    return this.#loss === null ? "open" : "closed";
  }

  write(bytes: Uint8Array, written?: () => void): boolean {
    if (this.#loss) this.#refuse();
    else if (this.#raw) return this.#raw.write(bytes, written);
    else this.#unsent.push(bytes);
    return true;
  }

  end(bytes: Uint8Array): void {
    this.#isEnding = true;
    if (this.#raw) this.#raw.end(bytes);
    else this.destroy();
  }

  destroy(error: Error = connectionClosed()): void {
    this.#lose(error);
  }

  pause(): void {
    this.#raw?.pause();
  }

  resume(): void {
    this.#raw?.resume();
  }

  #attach(raw: Duplex): void {
    if (this.#loss) {
      raw.destroy();
      return;
    }
    if (raw.destroyed) {
      this.#lose(connectionClosed());
      return;
    }
    this.#raw = raw;
    let heard: Buffer = Buffer.alloc(0);
    raw.on("data", (bytes) => {
      heard = bytes;
      this.emit("data", bytes);
    });
    raw.on("drain", () => this.emit("drain"));
    raw.on("error", (error) => this.#lose(error));
    raw.on("close", () => this.#lose(lastWords(heard) ?? connectionClosed()));
    for (const bytes of this.#unsent.splice(0)) raw.write(bytes);
  }

  #lose(error: Error): void {
    if (this.#loss) return;
    this.#loss = error;
    this.#raw?.destroy();
    this.#onLoss(error);
    if (this.#isEnding) {
      this.emit("close", false);
      return;
    }
    this.#tell();
    // A connection that never was has no transaction whose rollback could come late.
    setTimeout(() => this.emit("close", false), this.#raw === null ? 0 : LINGER_MS);
  }

  #refuse(): void {
    setImmediate(() => this.#tell());
  }

  #tell(): void {
    // Without a listener, after the close, an error event would itself be thrown.
    if (this.listenerCount("error") > 0) this.emit("error", this.#loss);
  }
}

/**
 * What a server said before it closed a connection, which the client would keep to itself: it waits
 * for a word that never comes.
 */
function lastWords(heard: Buffer): Error | null {
  const isWhole = heard.length > HEADER_BYTES && heard.readUInt32BE(1) === heard.length - 1;
  if (!isWhole || heard[0] !== "E".charCodeAt(0)) return null;
  const { code, message } = readError(heard.subarray(HEADER_BYTES));
  return Object.assign(new Error(message), { code });
}

/** What is said of a connection that is no more, in the words of the client. */
export function connectionClosed(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "CONNECTION_CLOSED" });
}

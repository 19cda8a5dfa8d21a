import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** How a connection is to be encrypted, in the words of `sslmode`. */
export type SslMode = "disable" | "require" | "verify-full";

export interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl_mode: SslMode;
}

/** By then every rollback that a lost connection causes has been tried and refused. */
const LINGER_MS = 1_000;

/** The message that asks a Postgres server whether it speaks TLS: length 8, code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A socket for postgres.js that outlives its connection by a second. The client forgets a socket as
 * soon as it closes, and then writes the rollback of the transaction that was cut to the socket it no
 * longer has: an exception nobody can catch, which ends the process. Here the loss is told as an
 * error first, what is written afterwards is refused with the same error, and the close comes later.
 */
export class SteadySocket extends EventEmitter {
  #raw: Socket | null = null;
  #unsent: Uint8Array[] = [];
  #loss: Error | null = null;
  /** The client said goodbye itself: nothing is cut, and nothing will be written any more. */
  #isEnding = false;

  constructor(target: SocketTarget) {
    super();
    open(target).then(
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

  destroy(): void {
    if (this.#raw) this.#raw.destroy();
    else this.#lose(connectionClosed());
  }

  pause(): void {
    this.#raw?.pause();
  }

  resume(): void {
    this.#raw?.resume();
  }

  setKeepAlive(isOn: boolean, delayMs: number): void {
    this.#raw?.setKeepAlive(isOn, delayMs);
  }

  #attach(raw: Socket): void {
    if (this.#loss) {
      raw.destroy();
      return;
    }
    if (raw.destroyed) {
      this.#lose(connectionClosed());
      return;
    }
    this.#raw = raw;
    raw.on("data", (bytes) => this.emit("data", bytes));
    raw.on("drain", () => this.emit("drain"));
    raw.on("error", (error) => this.#lose(error));
    raw.on("close", () => this.#lose(connectionClosed()));
    for (const bytes of this.#unsent.splice(0)) raw.write(bytes);
  }

  #lose(error: Error): void {
    if (this.#loss) return;
    this.#loss = error;
    this.#raw?.destroy();
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

function connectionClosed(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "CONNECTION_CLOSED" });
}

async function open({ host, port, ssl_mode }: SocketTarget): Promise<Socket> {
  const plain = await opened(connect({ host, port }), "connect");
  if (ssl_mode === "disable") return plain;
  plain.write(SSL_REQUEST);
  const [answer] = await new Promise<Uint8Array>((resolve, reject) => {
    plain.once("data", resolve);
    plain.once("close", () => reject(connectionClosed()));
  });
  if (answer !== "S".charCodeAt(0)) {
    plain.destroy();
    throw new Error("the server does not offer the encryption that sslmode asks for");
  }
  plain.removeAllListeners("close");
  const isVerified = ssl_mode === "verify-full";
  const secure = connectTls({ socket: plain, servername: host, rejectUnauthorized: isVerified });
  return await opened(secure, "secureConnect");
}

function opened<S extends Socket>(socket: S, event: string): Promise<S> {
  return new Promise((resolve, reject) => {
    // Stays for good: an error nobody listens to, even in the moment before the socket is handed on,
    // would end the process.
    socket.on("error", reject);
    socket.once(event, () => resolve(socket));
  });
}

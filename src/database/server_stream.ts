import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { connectionClosed } from "./steady_socket.ts";

/** How a connection is to be encrypted, in the words of `sslmode`. */
export type SslMode = "disable" | "require" | "verify-full";

export interface ServerTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl_mode: SslMode;
}

/** The message that asks a Postgres server whether it speaks TLS: length 8, code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** How long a silent connection may be before the system asks the other side whether it lives. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Connects to a Postgres server, encrypted as asked for. Rejects when the server does not answer or
 * does not offer the encryption.
 */
export async function openServerStream({ host, port, ssl_mode }: ServerTarget): Promise<Socket> {
  const plain = await opened(connect({ host, port }), "connect");
  plain.setKeepAlive(true, KEEP_ALIVE_MS);
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

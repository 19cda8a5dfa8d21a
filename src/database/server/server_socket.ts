import { Buffer } from "node:buffer";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { ConnectionAttempt } from "../../domain/connection/connection_attempts.ts";
import {
  type ConnectionTarget,
  type ServerAddress,
  socketFile,
  type SslMode,
} from "../../domain/connection/connection_target.ts";
import { AppError } from "../../errors.ts";
import { connectionClosed } from "./steady_socket.ts";

/** The message that asks a Postgres server whether it speaks TLS: length 8, code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

type TcpAddress = Extract<ServerAddress, { kind: "tcp" }>;

/** The texts of the certificate files a target names. */
export interface Certificates {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A connection that failed because of its encryption; without, or with, it might succeed. */
export class EncryptionError extends Error {
  readonly code = "CONNECT_ENCRYPTION";
}

/** Reads the certificate files. Throws `AppError` CONFIG_INVALID when one cannot be read. */
export async function readCertificates(
  { ssl_root_certificate, ssl_client }: ConnectionTarget,
): Promise<Certificates> {
  return {
    ...(ssl_root_certificate === null || ssl_root_certificate === "system"
      ? {}
      : { ca: await readFile("sslrootcert", ssl_root_certificate) }),
    ...(ssl_client === null ? {} : {
      cert: await readFile("sslcert", ssl_client.certificate),
      key: await readFile("sslkey", ssl_client.key),
    }),
  };
}

async function readFile(parameter: string, path: string): Promise<string> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "CONFIG_INVALID",
      `DATABASE_URL comes with ${parameter}=${path}, which cannot be read (${reason})`,
      { cause },
    );
  }
  if (text.includes("-----BEGIN ")) return text;
  throw new AppError(
    "CONFIG_INVALID",
    `DATABASE_URL comes with ${parameter}=${path}, which is no PEM file (it must begin with -----BEGIN)`,
  );
}

/**
 * Connects to an address, encrypted as the attempt says, unless `signal` ends it before.
 *
 * Rejects with the system's error when nobody answers there, with `EncryptionError` when that fails.
 */
export async function openServerSocket(
  attempt: ConnectionAttempt,
  target: ConnectionTarget,
  { certificates, signal }: { certificates: Certificates; signal: AbortSignal },
): Promise<Socket> {
  const { address, encryption } = attempt;
  const plain = connect(
    address.kind === "socket"
      ? { path: socketFile(address) }
      : { host: address.connect_to, port: address.port },
  );
  const ended = Promise.withResolvers<never>();
  const end = (): void => {
    plain.destroy();
    ended.reject(signal.reason);
  };
  signal.addEventListener("abort", end);
  try {
    await Promise.race([opened(plain, "connect"), ended.promise]);
    if (address.kind === "socket") return plain;
    if (target.keep_alive_ms !== null) plain.setKeepAlive(true, target.keep_alive_ms);
    if (encryption === "none") return plain;
    const isOffered = await Promise.race([isTlsOffered(plain), ended.promise]);
    if (!isOffered && encryption === "if offered") return plain;
    if (!isOffered) throw notOffered(address.ssl_mode, target);
    return await Promise.race([encrypted(plain, address, certificates), ended.promise]);
  } catch (error) {
    plain.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

async function isTlsOffered(plain: Socket): Promise<boolean> {
  const closed = Promise.withResolvers<never>();
  const close = () => closed.reject(connectionClosed());
  plain.once("close", close);
  const answer = new Promise<Uint8Array>((resolve) => plain.once("data", resolve));
  plain.write(SSL_REQUEST);
  const bytes = await Promise.race([answer, closed.promise]);
  plain.removeListener("close", close);
  // Whatever else came was written by somebody between us and the server.
  if (bytes.length !== 1) throw new EncryptionError("the server said more than it was asked");
  return bytes[0] === "S".charCodeAt(0);
}

async function encrypted(
  plain: Socket,
  { host, ssl_mode }: TcpAddress,
  certificates: Certificates,
): Promise<Socket> {
  const options: ConnectionOptions = {
    socket: plain,
    // What the certificate must be for. Of the two only a name may be told to the server.
    ...(isIP(host) ? { host } : { servername: host }),
    rejectUnauthorized: ssl_mode === "verify-ca" || ssl_mode === "verify-full",
    ...(ssl_mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...certificates,
  };
  try {
    return await opened(connectTls(options), "secureConnect");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EncryptionError(`${reason}${adviceOn(cause)}`, { cause });
  }
}

function notOffered(mode: SslMode, { is_ssl_mode_default }: ConnectionTarget): EncryptionError {
  return new EncryptionError(
    `the server does not offer the encryption that sslmode=${mode} asks for` +
      (is_ssl_mode_default
        ? " (the default for hosts other than this machine): sslmode=disable connects without"
        : ""),
  );
}

/** What to do about a certificate that was not accepted. */
function adviceOn(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `: use a name it is for, or sslmode=verify-ca, which does not look at the name`;
  }
  if (/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_UNTRUSTED)/.test(code)) {
    return `: name the file of the authority that signed it in sslrootcert`;
  }
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return `: name the files of a certificate it accepts in sslcert and sslkey`;
  }
  return "";
}

function opened<S extends Socket>(socket: S, event: string): Promise<S> {
  return new Promise((resolve, reject) => {
    // Stays for good: an error nobody listens to, even in the moment before the socket is handed on,
    // would end the process.
    socket.on("error", reject);
    socket.once(event, () => resolve(socket));
  });
}

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import {
  type ConnectionAttempt,
  connectionAttempts,
  whyUnwanted,
} from "../../domain/connection/connection_attempts.ts";
import {
  type ConnectionTarget,
  describeAddress,
} from "../../domain/connection/connection_target.ts";
import { type Certificates, EncryptionError, openServerSocket } from "./server_socket.ts";
import { type StartupEnd, StartupReader } from "./startup_reader.ts";
import { connectionClosed } from "./steady_socket.ts";

/**
 * Connects to the first address of the target that will do, in the way it asks for. Rejects with the
 * reason when there is only one attempt to make; the stream fails with all reasons when there are
 * several.
 */
export async function openServerStream(
  target: ConnectionTarget,
  certificates: Certificates,
): Promise<Duplex> {
  const attempts = connectionAttempts(target);
  if (attempts.length > 1 || attempts[0]!.wanted !== "any") {
    return new ChoosingStream(target, certificates, attempts);
  }
  const { signal, clear } = timeLimit(target.connect_timeout_ms);
  try {
    return await openServerSocket(attempts[0]!, target, { certificates, signal });
  } finally {
    clear();
  }
}

/**
 * A connection that first finds its server. To know whether a server will do, one must start a session
 * with it, so the start is sent to one after the other: until a server is ready for queries and is
 * what is wanted, its word of being ready is kept from the client, who answers whoever asks for the
 * password. Expects, as postgres.js does it, the start-up message in one write and the queries after
 * that word.
 */
class ChoosingStream extends Duplex {
  readonly #target: ConnectionTarget;
  readonly #certificates: Certificates;
  readonly #attempts: readonly ConnectionAttempt[];
  #socket: Socket | null = null;
  #isChoosing = false;

  constructor(
    target: ConnectionTarget,
    certificates: Certificates,
    attempts: readonly ConnectionAttempt[],
  ) {
    super();
    this.#target = target;
    this.#certificates = certificates;
    this.#attempts = attempts;
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#isChoosing || this.#socket) {
      this.#socket?.write(bytes);
      if (this.#socket?.writableNeedDrain) this.#socket.once("drain", () => done());
      else done();
      return;
    }
    this.#isChoosing = true;
    this.#choose(bytes).then(
      () => this.#isChoosing = false,
      (error) => this.destroy(error),
    );
    done();
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket?.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket?.destroy();
    done(error);
  }

  async #choose(startup: Buffer): Promise<void> {
    const failures: { attempt: ConnectionAttempt; error: Error }[] = [];
    for (const attempt of this.#attempts) {
      const last = failures.at(-1)?.error;
      if (attempt.is_alternative && !(last instanceof EncryptionError)) continue;
      try {
        return await this.#try(attempt, startup);
      } catch (error) {
        if (this.destroyed) return;
        failures.push({
          attempt,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      }
    }
    throw allFailed(failures);
  }

  /** Resolves once the server is chosen, or has said what the client must hear. */
  async #try(attempt: ConnectionAttempt, startup: Buffer): Promise<void> {
    const { signal, clear } = timeLimit(this.#target.connect_timeout_ms);
    let socket: Socket | null = null;
    try {
      const certificates = this.#certificates;
      socket = await openServerSocket(attempt, this.#target, { certificates, signal });
      if (this.destroyed) throw connectionClosed();
      await this.#start(socket, { startup, attempt, signal });
    } catch (error) {
      socket?.destroy();
      this.#socket = null;
      throw error;
    } finally {
      clear();
    }
  }

  #start(
    socket: Socket,
    { startup, attempt, signal }: {
      startup: Buffer;
      attempt: ConnectionAttempt;
      signal: AbortSignal;
    },
  ): Promise<void> {
    const reader = new StartupReader();
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      socket.on("error", reject);
      socket.on("close", () => reject(connectionClosed()));
      const read = (bytes: Buffer): void => {
        const { passed, end } = reader.read(bytes);
        const problem = end === null ? null : problemOf(end, attempt);
        if (end !== null) socket.removeListener("data", read);
        if (problem !== null) return reject(problem);
        if (passed.length > 0) this.push(passed);
        if (end === null) return;
        this.#join(socket);
        this.push(end.rest);
        resolve();
      };
      socket.on("data", read);
      this.#socket = socket;
      socket.write(startup);
    });
  }

  /** From here on the stream is the socket. */
  #join(socket: Socket): void {
    socket.on("data", (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }
}

/** The SQLSTATE of a server that is starting up or shutting down. */
const CANNOT_CONNECT_NOW = "57P03";
/** The SQLSTATE of a connection that no line of pg_hba.conf allows, which may be for its encryption. */
const NOT_ALLOWED = "28000";

/** Why another attempt must be made; `null` when the client is to have what the server said. */
function problemOf(
  end: StartupEnd,
  { address, is_alternative, wanted }: ConnectionAttempt,
): Error | null {
  if (end.kind === "ready") {
    const why = whyUnwanted(wanted, end.state);
    return why === null
      ? null
      : withCode("CONNECT_UNWANTED", `${why}, which target_session_attrs does not want`);
  }
  if (end.code === CANNOT_CONNECT_NOW) return withCode(end.code, end.message);
  const hasAlternative = address.kind === "tcp" && /^(allow|prefer)$/.test(address.ssl_mode);
  return hasAlternative && !is_alternative && end.code === NOT_ALLOWED
    ? new EncryptionError(end.message)
    : null;
}

function allFailed(
  failures: readonly { readonly attempt: ConnectionAttempt; readonly error: Error }[],
): Error {
  if (failures.length === 1) return failures[0]!.error;
  const reasons = failures.map(({ attempt, error }) =>
    `${describeAddress(attempt.address)}: ${error.message}`
  );
  return withCode("CONNECT_FAILED", [...new Set(reasons)].join("; "));
}

function timeLimit(ms: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(withCode("CONNECT_TIMEOUT", `no answer within ${ms / 1000} s`)),
    ms,
  );
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

import type { Duplex } from "node:stream";
import PQueue from "p-queue";
import { markDatabaseError } from "../../errors.ts";
import type { Backend } from "./begin_statement.ts";
import { type ParsedOptions, type SilenceLimits, SingleConnection } from "./single_connection.ts";

/** A server keeps what a session has gathered: after a time between these, it is given up. */
const LIFETIME_MS = { shortest: 30 * 60_000, longest: 60 * 60_000 } as const;
/** A server that had no connection left is asked for another after so long. */
const MAKE_DO_MS = 60_000;
/** For saying goodbye to one that is not needed any more. */
const GOODBYE_MS = 1_000;

export interface PoolOptions {
  readonly options: ParsedOptions;
  readonly open: () => Promise<Duplex>;
  readonly limits: SilenceLimits;
  readonly maxConnections: number;
}

/**
 * Connections, each of which is one user's at a time: who comes when all are taken waits, first come,
 * first served. One that was lost is replaced when it is needed.
 */
export class ConnectionPool {
  /** The server's processes that connections had when they fell silent. */
  readonly leftBehind = new Set<Backend>();
  readonly #pool: PoolOptions;
  readonly #turns: PQueue;
  readonly #free: SingleConnection[] = [];
  readonly #taken = new Set<SingleConnection>();
  /** Not to be used again. */
  readonly #retired = new WeakSet<SingleConnection>();
  #isEnded = false;
  #growing: ReturnType<typeof setTimeout> | undefined;

  constructor(pool: PoolOptions) {
    this.#pool = pool;
    this.#turns = new PQueue({ concurrency: pool.maxConnections });
  }

  /** Lends a connection to `user`. Rejects as it does, or when the pool was ended. */
  async use<T>(user: (connection: SingleConnection) => Promise<T>): Promise<T> {
    return await this.#turns.add(async () => {
      if (this.#isEnded) throw ended();
      const connection = this.#take();
      try {
        return await user(connection);
      } finally {
        this.#taken.delete(connection);
        if (connection.isSilent && connection.backend) this.leftBehind.add(connection.backend);
        if (this.#isEnded || this.#retired.has(connection)) void connection.close(GOODBYE_MS);
        else this.#free.push(connection);
      }
    });
  }

  /**
   * To be told when a server had no connection left: as long as there are others that work, no more are
   * made than those for a while. False when there are none, and waiting for them would be in vain.
   */
  makeDo(): boolean {
    const working = [...this.#free, ...this.#taken].filter(({ isWorking }) => isWorking).length;
    if (working === 0) return false;
    this.#turns.concurrency = Math.min(this.#turns.concurrency, working);
    clearTimeout(this.#growing);
    this.#growing = setTimeout(() => {
      this.#turns.concurrency = this.#pool.maxConnections;
    }, MAKE_DO_MS);
    Deno.unrefTimer(this.#growing);
    return true;
  }

  /** Uses none of the present connections again; those that are taken finish what they do. */
  retireAll(): void {
    for (const connection of [...this.#free, ...this.#taken]) this.#retire(connection);
  }

  /** From now on a connection that is silent for `ms` is given up. */
  hurry(ms: number): void {
    const { limits } = this.#pool;
    for (const name of ["connect", "begin", "statement"] as const) {
      limits[name] = Math.min(limits[name], ms);
    }
    for (const connection of this.#taken) connection.watch();
  }

  /** Lends none any more; what is under way may finish within `timeoutMs`, and is then cut. */
  async end(timeoutMs: number): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#growing);
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, timeoutMs);
    await Promise.race([this.#turns.onIdle(), patience.promise]);
    clearTimeout(timer);
    const open = [...this.#free.splice(0), ...this.#taken];
    await Promise.all(open.map((connection) => connection.close(GOODBYE_MS)));
  }

  #take(): SingleConnection {
    let connection = this.#free.pop();
    while (connection?.isLost) connection = this.#free.pop();
    connection ??= this.#make();
    this.#taken.add(connection);
    return connection;
  }

  #make(): SingleConnection {
    const { options, open, limits } = this.#pool;
    const connection = new SingleConnection(options, { open, limits });
    const { shortest, longest } = LIFETIME_MS;
    const lifetimeMs = shortest + Math.random() * (longest - shortest);
    const end = setTimeout(() => this.#retire(connection), lifetimeMs);
    Deno.unrefTimer(end);
    connection.lost.catch(() => clearTimeout(end));
    return connection;
  }

  #retire(connection: SingleConnection): void {
    this.#retired.add(connection);
    const at = this.#free.indexOf(connection);
    if (at < 0) return;
    this.#free.splice(at, 1);
    void connection.close(GOODBYE_MS);
  }
}

function ended(): Error {
  const error = new Error("the database was closed");
  markDatabaseError(error);
  return Object.assign(error, { code: "CONNECTION_ENDED" });
}

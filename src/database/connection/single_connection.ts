import type { Duplex } from "node:stream";
import postgres from "postgres";
import { systemClock } from "../../clock.ts";
import type { Backend } from "./begin_statement.ts";
import { connectionClosed, SteadySocket } from "../server/steady_socket.ts";

/** What is needed of the client's statements beyond their types; held by a test. */
export interface Statement extends PromiseLike<unknown> {
  /** Sends the statement. The client calls it once, when somebody first waits for the result. */
  handler(statement: Statement): void;
  executed: boolean;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** How long a connection may keep silent, in ms; the same object for all of a pool. */
export interface SilenceLimits {
  /** In addition, for the first statement, before which it connects. */
  connect: number;
  /** From what begins a transaction to its answer. */
  begin: number;
  /** From any other statement, or from the answer before it, to its own answer. */
  statement: number;
}

/** The client's options as it has parsed them; what is changed in them later counts. */
export type ParsedOptions = postgres.ParsedOptions<Record<string, never>>;

/** For so long after an answer a connection is trusted to be there still. */
const LIVELY_MS = 10_000;

/**
 * One connection, made when it is first needed and never again: when it is lost, so is this. It is a
 * client of its own with a pool of one, because postgres.js tells nobody which connection of a larger
 * pool a statement goes to, and makes a new one for what belonged to the old one.
 *
 * One that does not answer in time is destroyed, and everything that waits for an answer is rejected.
 */
export class SingleConnection {
  readonly #client: postgres.Sql;
  readonly #limits: SilenceLimits;
  readonly #handler: (statement: Statement) => void;
  readonly #lost = Promise.withResolvers<never>();
  readonly #unanswered = new Map<Statement, "begin" | "statement">();
  /** The server's process as far as it is known: that of the last transaction that told it. */
  backend: Backend | null = null;
  #socket: SteadySocket | null = null;
  #loss: Error | null = null;
  #answeredAtMs: number | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    options: ParsedOptions,
    { open, limits }: { open: () => Promise<Duplex>; limits: SilenceLimits },
  ) {
    const socket = (): SteadySocket => {
      const opening = this.#loss === null ? open() : Promise.reject(this.#loss);
      return this.#socket = new SteadySocket(opening, { onLoss: (error) => this.#lose(error) });
    };
    // The client takes parsed options as they are, with everything it keeps in them for all clients.
    this.#client = postgres(Object.create(options, { socket: { value: socket } }));
    this.#limits = limits;
    this.#handler = (this.#client.unsafe("") as unknown as Statement).handler;
    this.#lost.promise.catch(() => {}); // whoever waits for it hears of it
  }

  get isLost(): boolean {
    return this.#loss !== null;
  }

  /** It has answered, and is not lost. */
  get isWorking(): boolean {
    return this.#loss === null && this.#answeredAtMs !== null;
  }

  /** It was given up, and the server may not know of it. */
  get isSilent(): boolean {
    return this.#loss instanceof SilenceError;
  }

  /** Rejects when the connection is lost; never resolves. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** Whether it answered so lately that it will hardly be dead. */
  get isLively(): boolean {
    const at = this.#answeredAtMs;
    return at !== null && systemClock.monotonicMs() - at < LIVELY_MS;
  }

  /**
   * Sends a statement of any client with the same options, behind those sent before, and gives its
   * answer; what becomes of the statement's own promise is the caller's to say.
   */
  send(statement: Statement, limit: "begin" | "statement" = "statement"): Promise<unknown> {
    if (this.#loss !== null) return Promise.reject(this.#loss);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    Object.assign(statement, { executed: true, resolve, reject });
    this.#unanswered.set(statement, limit);
    if (this.#unanswered.size === 1) this.watch();
    const answered = (): void => this.#answered(statement);
    promise.then(answered, answered);
    try {
      this.#handler(statement);
    } catch (error) {
      reject(error);
    }
    return promise;
  }

  /** Sends SQL without parameters. */
  async execute(
    text: string,
    limit?: "begin",
  ): Promise<postgres.RowList<postgres.Row[]>> {
    const statement = this.#client.unsafe(text) as unknown as Statement;
    return await this.send(statement, limit) as postgres.RowList<postgres.Row[]>;
  }

  /** Counts the silence from now, by the limits of now. */
  watch(): void {
    clearTimeout(this.#silence);
    const [next] = this.#unanswered.values();
    if (next === undefined) return;
    const ms = this.#limits[next] + (this.#answeredAtMs === null ? this.#limits.connect : 0);
    if (!Number.isFinite(ms)) return;
    this.#silence = setTimeout(() => this.destroy(new SilenceError(ms)), ms);
  }

  destroy(error: Error = connectionClosed()): void {
    this.#lose(error);
    this.#socket?.destroy(error);
  }

  /** Says goodbye, within `timeoutMs`; what is not answered by then is rejected. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#loss === null) await this.#client.end({ timeout: timeoutMs / 1000 });
    this.destroy();
  }

  #answered(statement: Statement): void {
    this.#answeredAtMs = systemClock.monotonicMs();
    this.#unanswered.delete(statement);
    this.watch();
  }

  #lose(error: Error): void {
    if (this.#loss !== null) return;
    this.#loss = error;
    this.#lost.reject(error);
    // The client itself would reject what it has not sent yet only after connecting anew.
    for (const statement of this.#unanswered.keys()) statement.reject(error);
  }
}

class SilenceError extends Error {
  readonly code = "CONNECTION_SILENT";

  constructor(ms: number) {
    super(`the connection has been silent for ${Math.round(ms / 1000)} s`);
  }
}

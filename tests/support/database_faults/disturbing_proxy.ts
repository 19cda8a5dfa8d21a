import { connect, createServer, type Server, type Socket } from "node:net";
import { systemClock } from "../../../src/clock.ts";
import type { StatementFaults, WireTrouble } from "./statement_faults.ts";
import {
  concat,
  CONNECT,
  type Exchange,
  ExchangeReader,
  failingQuery,
  nextMessage,
  refusal,
  ROLLBACK,
  typeOf,
} from "./wire_messages.ts";

/** A server hears late that its client is gone, and holds its locks until then. */
const UNHEARD_MS = 150;

/** A way to a Postgres server on which the faults come to pass. */
export interface DisturbingProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Forwards connections on a free loopback port to the target, which must ask for no TLS. */
export async function startDisturbingProxy(
  target: { hostname: string; port: number },
  faults: StatementFaults,
): Promise<DisturbingProxy> {
  const open = new Set<DisturbedConnection>();
  let refusedWith: string | null = null;
  const server = createServer((client) => {
    const connection = new DisturbedConnection(client, connect(target.port, target.hostname), {
      meet: ({ statements }) =>
        refusedWith !== null && statements.includes(CONNECT)
          ? { kind: "error", sqlstate: refusedWith, isFatal: true }
          : faults.meet(statements),
      onOutage: (outage) => void goAway(outage),
      onClose: () => open.delete(connection),
    });
    open.add(connection);
  });
  const port = await listen(server, 0);

  async function goAway({ sqlstate, ms }: Extract<WireTrouble, { kind: "outage" }>) {
    refusedWith = sqlstate;
    if (sqlstate === null) server.close();
    for (const connection of open) connection.cut("reset");
    await systemClock.sleep(ms);
    refusedWith = null;
    if (sqlstate === null) await listen(server, port);
  }

  return {
    port,
    async close(): Promise<void> {
      for (const connection of open) connection.cut("close");
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  const listening = Promise.withResolvers<number>();
  server.once("error", listening.reject);
  server.listen(port, "127.0.0.1", () => {
    server.removeListener("error", listening.reject);
    const address = server.address();
    listening.resolve(typeof address === "object" && address ? address.port : port);
  });
  return listening.promise;
}

class DisturbedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #exchanges = new ExchangeReader();
  #answers: Uint8Array = new Uint8Array();
  /** Exchanges that end with a ReadyForQuery: sent, and answered. */
  #sent = 0;
  #answered = 0;
  /** With which answer the connection ends, and how; `isHeard` when the client gets its beginning. */
  #end: { at: number; how: "reset" | "close"; isHeard: boolean } | null = null;
  /** Failed commits: of their answer and that to the rollback after it the client gets one. */
  readonly #failedCommits = new Set<number>();

  constructor(
    client: Socket,
    server: Socket,
    { meet, onOutage, onClose }: {
      meet: (exchange: Exchange) => WireTrouble | null;
      onOutage: (trouble: Extract<WireTrouble, { kind: "outage" }>) => void;
      onClose: () => void;
    },
  ) {
    this.#client = client.setNoDelay(true);
    this.#server = server.setNoDelay(true);
    client.on("data", (bytes) => {
      for (const exchange of this.#exchanges.read(bytes)) {
        const trouble = meet(exchange);
        if (trouble?.kind === "outage") onOutage(trouble);
        else this.#forward(exchange, trouble);
        if (client.destroyed) return;
      }
    });
    server.on("data", (bytes) => this.#answer(bytes));
    client.on("error", () => this.cut("close"));
    server.on("error", () => this.cut("close"));
    client.on("close", () => {
      onClose();
      setTimeout(() => server.destroy(), UNHEARD_MS);
    });
    server.on("close", () => client.destroy());
  }

  cut(how: "reset" | "close"): void {
    if (how === "reset") this.#client.resetAndDestroy();
    else this.#client.destroy();
  }

  #forward(
    { bytes, statements, isSynced }: Exchange,
    trouble: Exclude<WireTrouble, { kind: "outage" }> | null,
  ): void {
    if (trouble?.kind === "error" && statements.includes(CONNECT)) {
      this.#client.end(refusal(trouble.sqlstate));
      return;
    }
    if (trouble?.kind === "cut" && trouble.when === "before") return this.cut(trouble.how);
    this.#server.write(trouble?.kind === "error" ? failingQuery(trouble.sqlstate) : bytes);
    if (isSynced) this.#sent++;
    const at = this.#sent;
    if (trouble?.kind === "error" && statements.includes("commit")) {
      this.#failedCommits.add(at);
      this.#server.write(ROLLBACK);
      this.#sent++;
    }
    if (trouble?.kind === "cut") this.#end ??= { at, how: trouble.how, isHeard: false };
    else if (trouble?.isFatal) this.#end ??= { at, how: "close", isHeard: true };
  }

  #answer(bytes: Uint8Array): void {
    this.#answers = concat([this.#answers, bytes]);
    for (
      let message = nextMessage(this.#answers);
      message !== null;
      message = nextMessage(this.#answers)
    ) {
      this.#answers = this.#answers.subarray(message.length);
      const isReady = typeOf(message) === "Z";
      const at = this.#answered + 1;
      const isLast = at === this.#end?.at;
      if (isReady) this.#answered++;
      if (isLast && isReady) return this.#finish(this.#end!.how);
      const isDropped = isLast && !this.#end!.isHeard ||
        this.#failedCommits.has(at) && isReady || this.#failedCommits.has(at - 1) && !isReady;
      if (!isDropped) this.#client.write(message);
    }
  }

  #finish(how: "reset" | "close"): void {
    if (how === "reset") this.cut("reset");
    else this.#client.end();
  }
}

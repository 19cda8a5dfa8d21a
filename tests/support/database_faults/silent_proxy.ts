import { Buffer } from "node:buffer";
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../network/free_port.ts";

/** A wire to a Postgres server that can fall silent, as when packets are dropped on the way. */
export interface SilentProxy {
  readonly port: number;
  /** How many connections were made so far. */
  connections(): number;
  /**
   * Keeps back what open connections carry from now on, their ends too, and those of new ones or not;
   * what clients say goes on when only the server is made silent.
   */
  silence(options: { isNewSilent: boolean; isServerOnly?: boolean }): void;
  /** Delivers what was kept back, and everything from now on. */
  mend(): void;
  /** Resets the next `count` connections on which the server says that it is within a transaction. */
  resetInTransactions(count: number): void;
  /** How many of those were reset so far. */
  resets(): number;
  close(): Promise<void>;
}

/** How a server tells that it waits for the next statement of a transaction. */
const IN_TRANSACTION = Buffer.from([0x5a, 0, 0, 0, 5, 0x54]);

/** Forwards connections on a free loopback port to the target. */
export async function startSilentProxy(
  target: { hostname: string; port: number },
): Promise<SilentProxy> {
  const wires = new Set<Wire>();
  let isNewSilent = false;
  let connections = 0;
  let toReset = 0;
  let resets = 0;

  const server = createServer((client) => {
    connections++;
    const wire = new Wire(client, connect({ host: target.hostname, port: target.port }));
    wire.isSilent = isNewSilent;
    wires.add(wire);
    wire.server.on("data", (bytes) => {
      if (toReset === 0 || !bytes.subarray(-IN_TRANSACTION.length).equals(IN_TRANSACTION)) return;
      toReset--;
      resets++;
      wire.reset();
    });
    wire.client.on("close", () => !wire.isSilent && wires.delete(wire));
  });
  const port = freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    connections: () => connections,
    silence(options) {
      isNewSilent = options.isNewSilent;
      for (const wire of wires) {
        wire.isSilent = true;
        wire.isClientHeard = options.isServerOnly ?? false;
      }
    },
    mend() {
      isNewSilent = false;
      for (const wire of wires) wire.deliver();
    },
    resetInTransactions: (count) => void (toReset = count),
    resets: () => resets,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const wire of wires) wire.reset();
      await closed;
    },
  };
}

class Wire {
  isSilent = false;
  isClientHeard = false;
  #kept: (() => void)[] = [];

  constructor(readonly client: Socket, readonly server: Socket) {
    for (const [from, to] of [[client, server], [server, client]] as const) {
      from.on("data", (bytes) => {
        if (this.isClientHeard && from === client) to.write(bytes);
        else this.#carry(() => to.write(bytes));
      });
      from.on("error", () => {}); // the close that follows says it
      from.on("close", () => this.#carry(() => to.destroy()));
    }
  }

  deliver(): void {
    this.isSilent = false;
    for (const carry of this.#kept.splice(0)) carry();
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  #carry(what: () => void): void {
    if (this.isSilent) this.#kept.push(what);
    else what();
  }
}

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/**
 * As many connections as the system lets wait to be taken in (it has a bound of its own): one that comes
 * when there is no room for it is tried again only a second later.
 */
const BACKLOG = 1_024;

/**
 * Listens; the port in the result is the one taken when 0 was asked for. Rejects with the system's error.
 */
export function listenOn(server: Server, { hostname, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: hostname, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve({ hostname, port: (server.address() as AddressInfo).port });
    });
  });
}

export interface KeepListeningOptions {
  readonly address: Address;
  readonly clock: Clock;
  readonly log: Log;
  /** How long nobody may come before it is tried whether anybody could, in ms. */
  readonly watchMs: number;
  readonly signal: AbortSignal;
}

/**
 * Listens again whenever nothing is taken in any more, until aborted. After a moment without free
 * descriptors the runtime's listener (Deno 2.9.6) stays open and silent, with no error to hear of: so
 * when nobody has come for a while, it is tried with a connection of our own.
 */
export async function keepListening(server: Server, options: KeepListeningOptions): Promise<void> {
  const { clock, log, watchMs, signal } = options;
  let arrivals = 0;
  server.on("connection", () => arrivals++);
  server.on("error", (error) => log.error("listener_failed", { error }));
  const arrivesInTime = async (): Promise<boolean> => {
    const before = arrivals;
    await clock.sleep(watchMs, signal);
    return arrivals > before;
  };
  while (!signal.aborted) {
    try {
      if (await arrivesInTime() || await isTaken(options, arrivesInTime)) continue;
      log.error("listener_silent", { ...options.address });
      server.close();
      await listenOn(server, options.address);
      log.info("listening_again", { ...options.address });
    } catch (error) {
      if (!signal.aborted) log.error("listener_failed", { error });
    }
  }
}

/** Whether a connection of our own arrives; also true when the system gives none to try it with. */
async function isTaken(
  { address: { hostname, port }, log }: KeepListeningOptions,
  arrivesInTime: () => Promise<boolean>,
): Promise<boolean> {
  let connection: Deno.Conn;
  try {
    connection = await Deno.connect({ hostname: reachable(hostname), port });
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    log.warn("listener_not_tried", { error });
    return true;
  }
  try {
    return await arrivesInTime();
  } finally {
    connection.close();
  }
}

/** The wildcard addresses are for listening only. */
function reachable(hostname: string): string {
  return hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
}

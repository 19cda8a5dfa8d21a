import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A request with the response that is made for it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What became of a new connection: it may have come in for another one, or not at all. */
export type Admission = "admitted" | "admitted_for_another" | "refused";

/** The connections of one server, never more than a given number. */
export interface Connections {
  /**
   * Takes a new connection in. When there are too many, the one that has waited longest for its own
   * client is closed for it; when the server is at work for every one of them, the new one is.
   */
  add(socket: Socket): Admission;
  /** Notes that a request's head has arrived, until its response is closed. */
  begin(exchange: Exchange): void;
  /** Closes those that wait for a client, now and as they come to do so. Resolves when none is left. */
  drain(): Promise<void>;
  closeAll(): void;
}

/** Keeps at most `maxConnections` connections. */
export function createConnections({ maxConnections }: { maxConnections: number }): Connections {
  // In the order in which they began to wait for their clients.
  const held = new Map<Socket, Set<Exchange>>();
  let onEmpty: (() => void) | null = null;

  const close = (socket: Socket): void => {
    socket.destroy();
    held.delete(socket);
    if (held.size === 0) onEmpty?.();
  };

  const longestWaiting = (): Socket | null => {
    for (const [socket, exchanges] of held) if (isWaiting(exchanges)) return socket;
    return null;
  };

  return {
    add(socket) {
      const isFull = held.size >= maxConnections;
      const victim = isFull ? longestWaiting() : null;
      if (onEmpty !== null || (isFull && victim === null)) {
        socket.destroy();
        return "refused";
      }
      if (victim !== null) close(victim);
      held.set(socket, new Set());
      socket.once("close", () => close(socket));
      return isFull ? "admitted_for_another" : "admitted";
    },
    begin(exchange) {
      const { socket } = exchange.request;
      const exchanges = held.get(socket);
      if (exchanges === undefined) return; // closed meanwhile
      exchanges.add(exchange);
      exchange.response.once("close", () => {
        exchanges.delete(exchange);
        if (!held.delete(socket)) return;
        held.set(socket, exchanges);
        if (onEmpty !== null && isWaiting(exchanges)) close(socket);
      });
    },
    async drain() {
      const empty = new Promise<void>((resolve) => onEmpty = resolve);
      for (const [socket, exchanges] of held) if (isWaiting(exchanges)) close(socket);
      if (held.size > 0) await empty;
    },
    closeAll() {
      for (const socket of held.keys()) close(socket);
    },
  };
}

/** Whether nothing is to be done before the client sends more, or takes what was sent. */
function isWaiting(exchanges: ReadonlySet<Exchange>): boolean {
  for (const { request, response } of exchanges) {
    if (request.complete && !response.writableEnded) return false;
  }
  return true;
}

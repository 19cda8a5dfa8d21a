import { createServer } from "node:http";
import { getRequestListener, RequestError } from "@hono/node-server";
import type { Clock } from "../clock.ts";
import { createOccurrenceCount } from "../domain/text/occurrence_count.ts";
import type { Log } from "../log.ts";
import { type Admission, createConnections } from "./connections.ts";
import { type Address, keepListening, listenOn } from "./listener.ts";

/** How long a client may take, in ms. */
export interface ServerTimeouts {
  /** To the end of a request's head. */
  readonly headMs: number;
  /** From a request's first byte to the last of its body. */
  readonly requestMs: number;
  /** From an answer to the next request. */
  readonly keepAliveMs: number;
  /** Without a byte in either direction, whatever the reason. */
  readonly silenceMs: number;
  /** For what is under way when the server closes. */
  readonly closeMs: number;
}

/** An idle connection is kept a little longer than the usual proxy keeps it, which is a minute. */
export const SERVER_TIMEOUTS: ServerTimeouts = {
  headMs: 10_000,
  requestMs: 20_000,
  keepAliveMs: 65_000,
  silenceMs: 120_000,
  closeMs: 10_000,
};

export interface HttpServerOptions extends Address {
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeouts?: ServerTimeouts;
  /** How often it is made sure that connections still come in, in ms. */
  readonly watchMs?: number;
}

/** A listening server. */
export interface HttpServer {
  readonly url: string;
  /** Takes no more requests and lets those under way finish, within `closeMs`. */
  close(): Promise<void>;
}

const WATCH_MS = 10_000;
/** Between two looks of the runtime for clients that take too long. */
const LOOK_MS = 1_000;
/** Between two lines about dropped connections. */
const LINE_EVERY_MS = 60_000;

/**
 * Serves HTTP/1.1 through Node's server, because `Deno.serve` (2.9.6) has neither time-outs nor a bound
 * to its connections. Rejects with the system's error when it can't listen.
 */
export async function serveHttp(
  answer: (request: Request) => Response | Promise<Response>,
  options: HttpServerOptions,
): Promise<HttpServer> {
  const { clock, log, timeouts = SERVER_TIMEOUTS, watchMs = WATCH_MS } = options;
  const connections = createConnections(options);
  const respond = getRequestListener(answer, {
    overrideGlobalObjects: false,
    errorHandler: (error) => problemOf(error, log),
  });
  const server = createServer({
    headersTimeout: timeouts.headMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: Math.min(LOOK_MS, timeouts.headMs),
  }, (request, response) => {
    connections.begin({ request, response });
    void respond(request, response);
  });
  server.setTimeout(timeouts.silenceMs);
  const tell = tellOfDropped(options);
  server.on("connection", (socket) => tell(connections.add(socket)));

  const address = await listenOn(server, options);
  const closing = new AbortController();
  const kept = keepListening(server, { address, clock, log, watchMs, signal: closing.signal });
  return {
    url: `http://${address.hostname}:${address.port}`,
    async close() {
      closing.abort();
      await kept;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const patience = setTimeout(connections.closeAll, timeouts.closeMs);
      await connections.drain();
      clearTimeout(patience);
      await closed;
    },
  };
}

/** Warns of connections closed for others, or refused, at most once a minute with how many they were. */
function tellOfDropped(
  { clock, log, maxConnections }: HttpServerOptions,
): (admission: Admission) => void {
  const dropped = createOccurrenceCount({ everyMs: LINE_EVERY_MS });
  return (admission) => {
    if (admission === "admitted") return;
    const count = dropped.add(clock.monotonicMs());
    if (count === null) return;
    log.warn("connections_dropped", { count, max_connections: maxConnections });
  };
}

/** The answer to what is no request that could be put to anybody. */
function problemOf(error: unknown, log: Log): Response {
  if (error instanceof RequestError) {
    const problem = { error: `The request cannot be read: ${error.message}`, code: "BAD_REQUEST" };
    return Response.json(problem, { status: 400 });
  }
  log.error("request_failed", { error });
  const problem = { error: "Internal error; the log has the details", code: "INTERNAL" };
  return Response.json(problem, { status: 500 });
}

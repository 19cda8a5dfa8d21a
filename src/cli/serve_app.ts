import type { App } from "../app/app.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { type HttpServer, serveHttp } from "../server/http_server.ts";
import { boundConnections } from "../server/open_files.ts";

/** A listening service. */
export interface Server extends HttpServer {
  /** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
  untilSignal(): Promise<void>;
}

/**
 * Listens for HTTP requests where the settings say. When the port is taken, shuts the app down again and
 * throws `AppError` PORT_IN_USE.
 */
export async function serveApp(
  app: Pick<App, "fetch" | "shutdown">,
  { config, clock, log }: {
    config: Pick<Config, "HOST" | "PORT" | "DATA_DIR" | "MAX_CONNECTIONS">;
    clock: Clock;
    log: Log;
  },
): Promise<Server> {
  const { HOST: hostname, PORT: port, MAX_CONNECTIONS: wanted } = config;
  const maxConnections = boundConnections(`${config.DATA_DIR}/instance`, { wanted });
  if (maxConnections < wanted) log.warn("few_open_files", { max_connections: maxConnections });
  let server: HttpServer;
  try {
    server = await serveHttp(app.fetch, { hostname, port, maxConnections, clock, log });
  } catch (cause) {
    await app.shutdown();
    throw new AppError(
      "PORT_IN_USE",
      `Cannot listen on ${hostname}:${port}: ${cause instanceof Error ? cause.message : cause}. ` +
        `Stop what uses the port, or correct HOST and PORT`,
      { cause },
    );
  }
  // From now on, so that a signal that comes with the first answer already ends things in order.
  const signal = signalled();
  return { ...server, untilSignal: () => signal };
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    const onSignal = (): void => {
      if (++count > 1) Deno.exit(130);
      resolve();
    };
    Deno.addSignalListener("SIGINT", onSignal);
    Deno.addSignalListener("SIGTERM", onSignal);
  });
}

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";

/** A listening service. */
export interface Server {
  readonly url: string;
  /** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
  untilSignal(): Promise<void>;
  /** Takes no more requests and lets those under way finish. */
  close(): Promise<void>;
}

/**
 * Listens for HTTP requests. When the port is taken, shuts the app down again and throws `AppError`
 * PORT_IN_USE.
 */
export async function serveApp(
  app: Pick<App, "fetch" | "shutdown">,
  { hostname, port }: { hostname: string; port: number },
): Promise<Server> {
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({ hostname, port, onListen: () => {} }, (request) => app.fetch(request));
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
  return {
    url: `http://${hostname}:${server.addr.port}`,
    untilSignal: () => signal,
    close: () => server.shutdown(),
  };
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

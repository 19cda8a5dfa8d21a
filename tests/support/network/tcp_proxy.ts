/** A wire to a server that can be cut and mended. */
export interface TcpProxy {
  readonly port: number;
  /** Drops every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Below the ports a system gives out by itself, so that nobody gets ours while the wire is cut. */
const PORTS = { from: 20_000, to: 32_000 } as const;

/** Forwards connections on a free loopback port to the target. */
export function startTcpProxy(target: { hostname: string; port: number }): TcpProxy {
  let listener: Deno.Listener | null = listenAnywhere();
  const { port } = listener.addr as Deno.NetAddr;
  const open = new Set<Deno.Conn>();
  void accept(listener);

  async function accept(from: Deno.Listener): Promise<void> {
    for await (const client of from) {
      // Some are still handed over after the cut.
      if (listener === from) void forward(client);
      else closeQuietly(client);
    }
  }

  async function forward(client: Deno.Conn): Promise<void> {
    open.add(client);
    const server = await Deno.connect(target);
    if (!open.has(client)) return server.close(); // cut meanwhile
    open.add(server);
    const ends = [
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ];
    await Promise.allSettled(ends);
    open.delete(client);
    open.delete(server);
  }

  function cut(): void {
    listener?.close();
    listener = null;
    for (const connection of open) closeQuietly(connection);
    open.clear();
  }

  return {
    port,
    cut,
    mend() {
      listener = listen(port);
      void accept(listener);
    },
    close: cut,
  };
}

function listen(port: number): Deno.Listener {
  return Deno.listen({ hostname: "127.0.0.1", port });
}

function listenAnywhere(): Deno.Listener {
  while (true) {
    try {
      return listen(PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from)));
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

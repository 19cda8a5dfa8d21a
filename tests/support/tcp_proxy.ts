/** A wire to a server that can be cut and mended. */
export interface TcpProxy {
  readonly port: number;
  /** Drops every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Forwards connections on a free loopback port to the target. */
export function startTcpProxy(target: { hostname: string; port: number }): TcpProxy {
  let listener = listen(0);
  const { port } = listener.addr as Deno.NetAddr;
  const open = new Set<Deno.Conn>();

  function listen(onPort: number): Deno.Listener {
    const made = Deno.listen({ hostname: "127.0.0.1", port: onPort });
    void accept(made);
    return made;
  }

  async function accept(from: Deno.Listener): Promise<void> {
    for await (const client of from) void forward(client);
  }

  async function forward(client: Deno.Conn): Promise<void> {
    const server = await Deno.connect(target);
    open.add(client).add(server);
    const ends = [
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ];
    await Promise.allSettled(ends);
    open.delete(client);
    open.delete(server);
  }

  function cut(): void {
    listener.close();
    for (const connection of open) closeQuietly(connection);
    open.clear();
  }

  return {
    port,
    cut,
    mend: () => void (listener = listen(port)),
    close: cut,
  };
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Below the ports a system gives out by itself, so that nobody gets ours before it is used. */
const PORTS = { from: 20_000, to: 32_000 } as const;

/** A loopback port that is free at present. */
export function freePort(): number {
  while (true) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

import { systemClock } from "../../../src/clock.ts";

/** A client that sends what it likes, when it likes. */
export interface RawClient {
  readonly connection: Deno.TcpConn;
  /** Everything the server sent, when it closes the connection. */
  readonly received: Promise<string>;
  send(text: string): Promise<void>;
  close(): void;
}

export interface RawClientOptions {
  /** Sent at once. */
  readonly text?: string;
  /** Sent again and again until the connection is closed. */
  readonly drip?: string;
  /** Between two drips, in ms. */
  readonly everyMs?: number;
  /** Whether our side is closed after `text`. */
  readonly isHalfClosed?: boolean;
}

/** Connects to a server on this machine. */
export async function connectRaw(
  url: string,
  { text = "", drip, everyMs = 50, isHalfClosed = false }: RawClientOptions = {},
): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  let isClosed = false;
  const close = (): void => {
    if (!isClosed) connection.close();
    isClosed = true;
  };
  const send = (part: string): Promise<void> => writeAll(connection, part);
  const received = readAll(connection).finally(close);
  if (text !== "") await send(text).catch(close); // closed by the server: `received` tells
  if (isHalfClosed) await connection.closeWrite().catch(close);
  if (drip !== undefined) {
    void (async () => {
      while (!isClosed) {
        await send(drip).catch(close);
        await systemClock.sleep(everyMs);
      }
    })();
  }
  return { connection, received, send, close };
}

async function writeAll(connection: Deno.Conn, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
}

/** A connection that is cut has sent what it has sent. */
async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4_096);
  let text = "";
  try {
    for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
      text += decoder.decode(buffer.subarray(0, n), { stream: true });
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  return text;
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted;
}

import { systemClock } from "../../../src/clock.ts";
import { connectRaw, type RawClient, type RawClientOptions } from "./raw_client.ts";
import { TEST_SECRET } from "../service/test_app.ts";

const HEAD = `Host: x\r\nX-Cron-Secret: ${TEST_SECRET}\r\n`;
const POST = `POST /api/internal/seed-backfill-queue HTTP/1.1\r\n${HEAD}`;

/** Ways to hold a connection for nothing. */
const WAYS: readonly RawClientOptions[] = [
  {},
  { text: `GET /healthz HTTP/1.1\r\n${HEAD}`, drip: "X: y\r\n", everyMs: 3_000 },
  { text: `${POST}Content-Length: 60000\r\n\r\n`, drip: "a".repeat(1_000), everyMs: 1_000 },
  {
    text: `${POST}Transfer-Encoding: chunked\r\n\r\n`,
    drip: `400\r\n${"a".repeat(1_024)}\r\n`,
    everyMs: 1_000,
  },
  { text: `GET /healthz HTTP/1.1\r\n${HEAD}\r\n` },
  { text: `GET /healthz HTTP/1.1\r\n${HEAD}`, isHalfClosed: true },
];

/** Before a client comes back that was sent away, in ms. */
const BACK_AFTER_MS = 10_000;

/**
 * As many clients that stall in every way and come back when they are sent away, until aborted. They come
 * one after the other: all at once is another kind of flood.
 */
export async function stall(
  url: string,
  { clients, signal }: { clients: number; signal: AbortSignal },
): Promise<void> {
  const all: Promise<void>[] = [];
  for (let number = 0; number < clients && !signal.aborted; number++) {
    const way = WAYS[number % WAYS.length]!;
    const first = await connectOrNot(url, way);
    all.push(keepComing(first, { come: () => connectOrNot(url, way), signal }));
  }
  await Promise.all(all);
}

async function keepComing(
  first: RawClient | null,
  { come, signal }: { come: () => Promise<RawClient | null>; signal: AbortSignal },
): Promise<void> {
  for (let client = first; !signal.aborted; client = await come()) {
    const stop = (): void => client?.close();
    signal.addEventListener("abort", stop, { once: true });
    await client?.received;
    signal.removeEventListener("abort", stop);
    await systemClock.sleep(BACK_AFTER_MS, signal).catch(() => {}); // woken to end
  }
}

/** Null when the server is closed, or closes the connection at once: what such clients get. */
async function connectOrNot(url: string, way: RawClientOptions): Promise<RawClient | null> {
  return await connectRaw(url, way).catch(() => null);
}

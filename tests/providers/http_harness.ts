import { assertRejects } from "@std/assert";
import { AppError } from "../../src/errors.ts";
import { createHttpClient, type HttpOptions } from "../../src/providers/http/http.ts";
import type { HttpEvent } from "../../src/providers/http/http_event.ts";
import type { HttpRequest } from "../../src/providers/http/http_exchange.ts";
import { type Answer, type FixtureServer, serveFixtures } from "./fixture_server.ts";
import { type ManualClock, manualClock } from "./manual_clock.ts";

export const OK = Response.json({ ok: true });

export interface Bench {
  readonly server: FixtureServer;
  readonly clock: ManualClock;
  readonly events: readonly HttpEvent[];
  readonly calls: () => number;
  readonly send: (request?: Partial<HttpRequest>) => Promise<unknown>;
}

/** A client and the server it talks to; `random` is fixed so that waits can be told beforehand. */
export async function withClient(
  { answers, ...options }: { readonly answers: readonly Answer[] } & Partial<HttpOptions>,
  test: (bench: Bench) => Promise<void>,
): Promise<void> {
  await using server = serveFixtures(...answers);
  const clock = manualClock();
  const events: HttpEvent[] = [];
  let calls = 0;
  const client = createHttpClient("shelf", {
    baseUrl: `${server.url}/base`,
    timeoutMs: 2000,
    maxRetries: 3,
    ratePerSecond: Infinity,
    concurrency: 4,
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const { signal } = new AbortController();
  const onCall = () => void calls++;
  await test({
    server,
    clock,
    events,
    calls: () => calls,
    send: async (request) =>
      (await client.send({ path: "/books?q=1", signal, onCall, ...request })).json,
  });
}

export function failing(bench: Bench, request?: Partial<HttpRequest>): Promise<AppError> {
  return assertRejects(() => bench.send(request), AppError);
}

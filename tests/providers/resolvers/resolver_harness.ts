import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { systemClock } from "../../../src/clock.ts";
import type { CallContext } from "../../../src/domain/generation/generator.ts";
import type {
  BookQuery,
  Resolver,
  ResolverAnswer,
  ResolverName,
  WorkCandidate,
} from "../../../src/domain/matching/resolver.ts";
import type { HttpOptions } from "../../../src/providers/http/http.ts";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../../src/simulator/simulator.ts";
import { type Answer, type Arrived, serveFixtures } from "../fixture_server.ts";
import { type ManualClock, manualClock } from "../manual_clock.ts";

export const QUERY: BookQuery = {
  title: "The Salt Ledger",
  author: "Mara Quill",
  ...NO_SERIES,
  year: 2024,
  month: 3,
  language: "en",
};

/** A resolver under test, what it cost, and the requests a fixture server saw. */
export interface ResolverBench<R extends Resolver = Resolver> {
  readonly resolver: R;
  readonly context: CallContext;
  readonly clock: ManualClock;
  readonly calls: string[];
  readonly arrived: readonly Arrived[];
  readonly find: (query?: Partial<BookQuery>, signal?: AbortSignal) => Promise<ResolverAnswer>;
}

export type MakeResolver<R extends Resolver = Resolver> = (http: HttpOptions) => R;

function benchFor<R extends Resolver>(
  { baseUrl, timeoutMs }: { readonly baseUrl: string; readonly timeoutMs: number },
  make: MakeResolver<R>,
): Omit<ResolverBench<R>, "arrived"> {
  const clock = manualClock();
  const calls: string[] = [];
  const resolver = make({
    baseUrl,
    timeoutMs,
    maxRetries: 1,
    ratePerSecond: Infinity,
    concurrency: 2,
    clock,
    random: () => 0.5,
  });
  const onCall = (provider: string) => void calls.push(provider);
  const find = (query: Partial<BookQuery> = {}, signal = new AbortController().signal) =>
    resolver.find({ ...QUERY, ...query }, { signal, onCall });
  const context = { signal: new AbortController().signal, onCall };
  return { resolver, context, clock, calls, find };
}

export async function withFixtures<R extends Resolver>(
  { make, answers }: { readonly make: MakeResolver<R>; readonly answers: readonly Answer[] },
  test: (bench: ResolverBench<R>) => Promise<void>,
): Promise<void> {
  await using server = serveFixtures(...answers);
  await test({
    ...benchFor({ baseUrl: server.url, timeoutMs: 2_000 }, make),
    arrived: server.arrived,
  });
}

export interface Simulated<R extends Resolver = Resolver> {
  readonly service: ResolverName;
  readonly make: MakeResolver<R>;
  readonly options?: Partial<SimulatorOptions>;
}

export async function withSimulatedCatalogues<R extends Resolver>(
  { service, make, options = {} }: Simulated<R>,
  test: (bench: Omit<ResolverBench<R>, "arrived"> & { simulator: Simulator }) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ clock: systemClock, coverage: "full", ...options });
  try {
    // A service indexes the catalogue when it is first asked, which takes long on a busy machine.
    const baseUrl = `${simulator.url}/${service}`;
    await test({ ...benchFor({ baseUrl, timeoutMs: 30_000 }, make), simulator });
  } finally {
    await simulator.close();
  }
}

/** The works of an answer, which must hold some. */
export function worksOf(answer: ResolverAnswer): readonly WorkCandidate[] {
  if (answer.kind !== "candidates") {
    throw new Error(`Expected candidates: ${JSON.stringify(answer)}`);
  }
  return answer.works;
}

export function isbnsOf(answer: ResolverAnswer): readonly (string | null)[] {
  return worksOf(answer).flatMap((work) => work.editions.map((edition) => edition.isbn13));
}

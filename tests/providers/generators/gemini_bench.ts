import { systemClock } from "../../../src/clock.ts";
import type {
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../src/domain/generation/generator.ts";
import { BOOK_LIST_SCHEMA, buildPrompt } from "../../../src/domain/generation/prompt.ts";
import {
  createGemini,
  type GeminiOptions,
} from "../../../src/providers/generators/gemini/gemini.ts";
import { type Simulator, SIMULATOR_KEY, startSimulator } from "../../../src/simulator/simulator.ts";
import { type Answer, serveFixtures } from "../fixture_server.ts";
import { type ManualClock, manualClock } from "../manual_clock.ts";

export const MODEL = "gemini-3.5-flash-lite";
const MONTH = { year: 2012, month: 3 };

export function request(maxBooks = 20): GeneratorRequest {
  return {
    month: MONTH,
    max_books: maxBooks,
    prompt: buildPrompt({ month: MONTH, variant: "baseline", maxBooks }),
    answer_schema: BOOK_LIST_SCHEMA,
    max_output_tokens: 16_384,
  };
}

export interface Asked {
  readonly clock: ManualClock;
  readonly calls: string[];
  readonly ask: (
    signal?: AbortSignal,
    changes?: Partial<GeneratorRequest>,
  ) => Promise<GeneratorAnswer>;
}

export function client(baseUrl: string, options: Partial<GeminiOptions> = {}): Asked {
  const clock = manualClock();
  const calls: string[] = [];
  const generator = createGemini({
    apiKey: SIMULATOR_KEY,
    model: MODEL,
    baseUrl,
    timeoutMs: 5000,
    maxRetries: 2,
    ratePerSecond: Infinity,
    concurrency: 2,
    clock,
    random: () => 0.5,
    ...options,
  });
  const onCall = (provider: string) => void calls.push(provider);
  const ask: Asked["ask"] = (signal = new AbortController().signal, changes = {}) =>
    generator.generate({ ...request(), ...changes }, { signal, onCall });
  return { clock, calls, ask };
}

export async function withAnswers(
  answers: readonly Answer[],
  test: (asked: Asked & { readonly arrived: readonly { body: string }[] }) => Promise<void>,
  options: Partial<GeminiOptions> = {},
): Promise<void> {
  await using server = serveFixtures(...answers);
  await test({ ...client(server.url, options), arrived: server.arrived });
}

export async function withSimulator(test: (simulator: Simulator) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ clock: systemClock });
  try {
    await test(simulator);
  } finally {
    await simulator.close();
  }
}

export function candidate(fields: Record<string, unknown>, usage = {}): Response {
  return Response.json({ candidates: [fields], usageMetadata: usage });
}

import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type {
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../src/domain/generation/generator.ts";
import { BOOK_LIST_SCHEMA, buildPrompt } from "../../../src/domain/generation/prompt.ts";
import { AppError, type ErrorCode } from "../../../src/errors.ts";
import {
  createGemini,
  type GeminiOptions,
} from "../../../src/providers/generators/gemini/gemini.ts";
import {
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
} from "../../../src/providers/generators/openai_compatible/openai_compatible.ts";
import { createXai, type XaiOptions } from "../../../src/providers/generators/xai/xai.ts";
import { type Simulator, SIMULATOR_KEY, startSimulator } from "../../../src/simulator/simulator.ts";
import { type Answer, type Arrived, serveFixtures } from "../fixture_server.ts";
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

export interface AskedServer extends Asked {
  readonly arrived: readonly Arrived[];
}

const HTTP = {
  timeoutMs: 5000,
  maxRetries: 2,
  ratePerSecond: Infinity,
  concurrency: 2,
  random: () => 0.5,
} as const;

function asked(make: (clock: ManualClock) => Generator): Asked {
  const clock = manualClock();
  const calls: string[] = [];
  const generator = make(clock);
  const onCall = (provider: string) => void calls.push(provider);
  const ask: Asked["ask"] = (signal = new AbortController().signal, changes = {}) =>
    generator.generate({ ...request(), ...changes }, { signal, onCall });
  return { clock, calls, ask };
}

export function gemini(baseUrl: string, options: Partial<GeminiOptions> = {}): Asked {
  return asked((clock) =>
    createGemini({ ...HTTP, clock, baseUrl, apiKey: SIMULATOR_KEY, model: MODEL, ...options })
  );
}

export function xai(baseUrl: string, options: Partial<XaiOptions> = {}): Asked {
  return asked((clock) =>
    createXai({
      ...HTTP,
      clock,
      baseUrl,
      apiKey: SIMULATOR_KEY,
      model: "grok-4.3",
      api: "chat_completions",
      ...options,
    })
  );
}

export function endpoint(
  baseUrl: string,
  options: Partial<OpenAiCompatibleOptions> = {},
): Asked {
  return asked((clock) =>
    createOpenAiCompatible({
      ...HTTP,
      clock,
      baseUrl,
      apiKey: null,
      model: "llama-4-small",
      contact: null,
      ...options,
    })
  );
}

export async function withGemini(
  answers: readonly Answer[],
  test: (asked: AskedServer) => Promise<void>,
  options: Partial<GeminiOptions> = {},
): Promise<void> {
  await using server = serveFixtures(...answers);
  await test({ ...gemini(server.url, options), arrived: server.arrived });
}

export async function withXai(
  answers: readonly Answer[],
  test: (asked: AskedServer) => Promise<void>,
  options: Partial<XaiOptions> = {},
): Promise<void> {
  await using server = serveFixtures(...answers);
  await test({ ...xai(server.url, options), arrived: server.arrived });
}

export async function withEndpoint(
  answers: readonly Answer[],
  test: (asked: AskedServer) => Promise<void>,
  options: Partial<OpenAiCompatibleOptions> = {},
): Promise<void> {
  await using server = serveFixtures(...answers);
  await test({ ...endpoint(`${server.url}/v1`, options), arrived: server.arrived });
}

export async function withSimulatedModels(
  test: (simulator: Simulator) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ clock: systemClock });
  try {
    await test(simulator);
  } finally {
    await simulator.close();
  }
}

export async function failure({ ask }: Asked, code: ErrorCode): Promise<AppError> {
  const error = await assertRejects(() => ask(), AppError);
  assertEquals(error.code, code, error.message);
  return error;
}

/** An answer of Gemini with one candidate. */
export function candidate(fields: Record<string, unknown>, usage = {}): Response {
  return Response.json({ candidates: [fields], usageMetadata: usage });
}

/** A chat completion with one choice. */
export function completion(choice: Record<string, unknown>, usage?: unknown): Response {
  return Response.json({ object: "chat.completion", choices: [choice], usage });
}

export const EMPTY_LIST = { message: { content: '{"books":[]}' }, finish_reason: "stop" };

export function sentBody({ arrived }: AskedServer, index = 0): Record<string, unknown> {
  return JSON.parse(arrived[index]?.body ?? "");
}

import type { Month } from "../months/month.ts";
import type { GENERATOR_NAMES } from "../providers/provider_names.ts";

export type GeneratorName = (typeof GENERATOR_NAMES)[number];

/** What a generator is asked. Two prompts with the same hash are the same question. */
export interface Prompt {
  readonly variant: string;
  readonly version: string;
  readonly system: string;
  readonly user: string;
  /** SHA-256 over everything that shapes the answer, in hex. */
  readonly hash: string;
}

export interface GeneratorRequest {
  readonly month: Month;
  readonly max_books: number;
  readonly prompt: Prompt;
  /** JSON Schema of the answer wanted. */
  readonly answer_schema: Readonly<Record<string, unknown>>;
  /** Tokens the answer may take, thinking included; a catalogue takes no notice of it. */
  readonly max_output_tokens: number;
}

/**
 * Tokens an answer may take at first. Twenty books take about 1,700 with thinking; models that think
 * much take several times that, and what is not used costs nothing.
 */
export const MAX_OUTPUT_TOKENS = 16_384;

/**
 * Why the model stopped: by itself, at its token limit, because it (or its filter) declined, or for
 * another reason of the provider's own, named in `finish_detail`.
 */
export type FinishReason = "stop" | "length" | "refused" | "other";

/** Tokens as billed. `thinking` is part of what is paid for at the output price. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly thinking: number;
}

/** A generator's answer before anybody has looked inside: stored first, parsed afterwards. */
export interface GeneratorAnswer {
  /** The model that answered, by the provider's word where it says; it may not be the one asked. */
  readonly model: string;
  readonly text: string;
  readonly finish: FinishReason;
  readonly finish_detail: string | null;
  readonly tokens: TokenUsage;
}

/** What a provider call needs from its caller: a way to be stopped, and somewhere to be counted. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Called once for every request that really leaves this process, retries included. */
  readonly onCall: (provider: string) => void;
}

/** Contract of everything that proposes books for a month. */
export interface Generator {
  readonly name: GeneratorName;
  /**
   * A language model answers from memory, may invent and is paid for by the token; a catalogue holds
   * what it names and is free.
   */
  readonly kind: "model" | "catalogue";
  /** Part of the memory's key: another model is another question. */
  readonly model: string;
  /**
   * Asks once and returns the raw answer, also when it is a refusal or cut off.
   * Throws `AppError` with a PROVIDER_* code when there is no answer.
   */
  generate(request: GeneratorRequest, context: CallContext): Promise<GeneratorAnswer>;
}

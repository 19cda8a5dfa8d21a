import { childNodes, type SchemaNode } from "../language_models/answer_schema.ts";
import type { Thinking } from "../language_models/question.ts";
import { invalidArgument, missingModel, type XaiError } from "./xai_errors.ts";

interface XaiModel {
  /** False for the ones that answer at once. */
  readonly isReasoning: boolean;
  /** The values of the reasoning effort it takes; none at all when it refuses the argument. */
  readonly efforts: readonly string[];
}

const EFFORTS = ["low", "medium", "high"] as const;
const WITH_EFFORT: XaiModel = { isReasoning: true, efforts: EFFORTS };
const WITH_MOST_EFFORT: XaiModel = { isReasoning: true, efforts: [...EFFORTS, "xhigh"] };
const REASONING: XaiModel = { isReasoning: true, efforts: [] };
const NON_REASONING: XaiModel = { isReasoning: false, efforts: [] };

/**
 * xAI's models of late 2026. Only grok-4.3 takes the effort "none"; to the multi-agent ones the effort is
 * a number of agents. The grok-4-1-fast, grok-4-fast, grok-4-0709, grok-3 and grok-code-fast-1 ones were
 * retired on 2026-05-15 and answer as if they had never been.
 */
const MODELS: ReadonlyMap<string, XaiModel> = new Map([
  ["grok-4.7", WITH_MOST_EFFORT],
  ["grok-4.6", WITH_MOST_EFFORT],
  ["grok-4.5", WITH_EFFORT],
  ["grok-4.3", { isReasoning: true, efforts: ["none", ...EFFORTS] }],
  ["grok-latest", WITH_MOST_EFFORT],
  ["grok-4.20-0309-reasoning", REASONING],
  ["grok-4.20-reasoning", REASONING],
  ["grok-4.20-reasoning-latest", REASONING],
  ["grok-4.20-0309-non-reasoning", NON_REASONING],
  ["grok-4.20-non-reasoning", NON_REASONING],
  ["grok-4.20-non-reasoning-latest", NON_REASONING],
  ["grok-4.20-multi-agent-0309", WITH_MOST_EFFORT],
  ["grok-4.20-multi-agent-latest", WITH_MOST_EFFORT],
]);

/** The names of the models on offer. */
export const XAI_MODELS: readonly string[] = [...MODELS.keys()];

/** What a request asks of its model, from either of the two interfaces. */
export interface XaiArguments {
  readonly model: string;
  readonly effort: string | null;
  /** Arguments that were sent out of these three. */
  readonly sent: readonly ("presencePenalty" | "frequencyPenalty" | "stop")[];
  readonly schema: SchemaNode | null;
}

/** Keywords outside the subset of JSON Schema that xAI's structured outputs hold to. */
const UNSUPPORTED_KEYWORDS = ["allOf", "minLength", "maxLength", "minItems", "maxItems"] as const;

function unsupportedKeyword(node: SchemaNode): string | null {
  const own = UNSUPPORTED_KEYWORDS.find((keyword) => node[keyword] !== undefined);
  if (own !== undefined) return own;
  for (const [, child] of childNodes(node)) {
    if (typeof child !== "object" || child === null) continue;
    const found = unsupportedKeyword({ ...child });
    if (found !== null) return found;
  }
  return null;
}

/** Why xAI refuses what is asked of its model, or null. */
export function refuseArguments({ model: name, effort, sent, schema }: XaiArguments):
  | XaiError
  | null {
  const model = MODELS.get(name);
  if (!model) return missingModel(name);
  // The penalties are refused by every model on offer, `stop` by those that reason.
  const refused = sent.find((argument) => argument !== "stop" || model.isReasoning);
  if (refused !== undefined) {
    return invalidArgument(`Model ${name} does not support parameter ${refused}.`);
  }
  if (effort !== null && !model.efforts.includes(effort)) {
    return invalidArgument(
      model.efforts.length === 0
        ? `Model ${name} does not support parameter reasoningEffort.`
        : `Invalid reasoning effort "${effort}": ${name} takes ${model.efforts.join(", ")}.`,
    );
  }
  const keyword = schema && unsupportedKeyword(schema);
  if (keyword) return invalidArgument(`Invalid schema: the keyword "${keyword}" is not supported.`);
  return null;
}

/** How much a model thinks at an effort. */
export function thinkingAt(name: string, effort: string | null): Thinking {
  if (effort === "none" || MODELS.get(name)?.isReasoning === false) return "none";
  // One agent thinks little, several together never.
  return effort === "low" && !name.includes("multi-agent") ? "little" : "usual";
}

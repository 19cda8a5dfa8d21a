import type { RequestSubject } from "../service/request_subject.ts";
import { schemaLimit, type SchemaNode } from "./answer_schema.ts";
import { findAskedLimit, findAskedMonth } from "./asked_month.ts";

/** How much a model thinks before it answers. */
export type Thinking = "none" | "little" | "usual";

/** What a language model is asked, whatever the wire it came over. */
export interface ModelQuestion {
  readonly system: string;
  readonly user: string;
  /** The schema the answer will follow, or null when the wording alone shapes it. */
  readonly schema: SchemaNode | null;
  /** Whether the answer is held to be JSON and nothing else. */
  readonly isJson: boolean;
  /** Thinking is paid out of this too. */
  readonly maxOutputTokens: number;
  readonly thinking: Thinking;
}

const DEFAULT_LIMIT = 20;

/** The month a question is about, `YYYY-MM`, or null; the user's words count before the system's. */
export function askedMonth({ user, system }: ModelQuestion): string | null {
  return findAskedMonth(user) ?? findAskedMonth(system);
}

/** How many books a question wants at most; 20 when neither words nor schema say. */
export function askedLimit({ user, system, schema }: ModelQuestion): number {
  return findAskedLimit(user) ?? findAskedLimit(system) ?? schemaLimit(schema) ?? DEFAULT_LIMIT;
}

/** What the journal and the faults see of a question; nothing when it could not be read. */
export function questionSubject(question: ModelQuestion | null): RequestSubject {
  if (question === null) return {};
  const month = askedMonth(question);
  return { ...(month === null ? {} : { month }), maxTokens: question.maxOutputTokens };
}

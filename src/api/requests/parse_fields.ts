import type { z } from "zod";
import { AppError } from "../../errors.ts";

/** What is wrong with one field: what was sent and what would be right. */
export interface FieldProblem {
  readonly field: string;
  /** As JSON, shortened; absent when the field itself is the problem. */
  readonly received?: string;
  readonly problem: string;
}

const MAX_PROBLEMS = 20;
const MAX_ECHO = 100;

/**
 * What was sent, as `schema` reads it.
 *
 * Throws `AppError` BAD_REQUEST naming every wrong field, what was sent and what is allowed.
 */
export function parseFields<Schema extends z.ZodType>(
  schema: Schema,
  sent: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, MAX_PROBLEMS).map((issue): FieldProblem => ({
    field: fieldOf(issue).slice(0, MAX_ECHO),
    ...(issue.code === "unrecognized_keys" ? {} : { received: echo(valueAt(sent, issue.path)) }),
    problem: issue.message,
  }));
  throw new AppError("BAD_REQUEST", problems.map(sentence).join("; "), { details: { problems } });
}

function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys] : issue.path;
  return path.map(String).join(".") || "body";
}

function valueAt(sent: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    sent,
  );
}

/** What was sent, short and whatever it is: a value may be nested deeper than can be written out. */
function echo(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return (JSON.stringify(value) ?? "nothing").slice(0, MAX_ECHO);
}

function sentence({ field, received, problem }: FieldProblem): string {
  return `${field} ${problem}${received === undefined ? "" : ` (received ${received})`}`;
}

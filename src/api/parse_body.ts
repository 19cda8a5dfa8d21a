import type { Context } from "hono";
import type { z } from "zod";
import { AppError } from "../errors.ts";

/** What is wrong with one field: what was sent and what would be right. */
export interface FieldProblem {
  readonly field: string;
  readonly received: unknown;
  readonly problem: string;
}

/**
 * Parses a JSON request body; an absent body counts as `{}`.
 *
 * Throws `AppError` BAD_REQUEST naming every wrong field, what was sent and what is allowed.
 */
export async function parseBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const raw = await context.req.text();
  let body: unknown = {};
  if (raw.trim() !== "") {
    try {
      body = JSON.parse(raw);
    } catch (cause) {
      throw new AppError("BAD_REQUEST", "The request body is not JSON", { cause });
    }
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue): FieldProblem => ({
    field: fieldOf(issue),
    received: issue.code === "unrecognized_keys" ? undefined : valueAt(body, issue.path),
    problem: issue.message,
  }));
  throw new AppError("BAD_REQUEST", problems.map(sentence).join("; "), { details: { problems } });
}

function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys] : issue.path;
  return path.map(String).join(".") || "body";
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    body,
  );
}

function sentence({ field, received, problem }: FieldProblem): string {
  const sent = received === undefined
    ? ""
    : ` (received ${JSON.stringify(received).slice(0, 100)})`;
  return `${field} ${problem}${sent}`;
}

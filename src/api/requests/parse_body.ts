import type { Context } from "hono";
import type { z } from "zod";
import { AppError } from "../../errors.ts";

/** What is wrong with one field: what was sent and what would be right. */
export interface FieldProblem {
  readonly field: string;
  /** As JSON, shortened; absent when the field itself is the problem. */
  readonly received?: string;
  readonly problem: string;
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_PROBLEMS = 20;
const MAX_ECHO = 100;

/**
 * Parses a JSON request body; an absent body counts as `{}`.
 *
 * Throws `AppError` BAD_REQUEST naming every wrong field, what was sent and what is allowed, or when the
 * body does not arrive whole or is too large.
 */
export async function parseBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const raw = await readBody(context.req.raw);
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
  const problems = parsed.error.issues.slice(0, MAX_PROBLEMS).map((issue): FieldProblem => ({
    field: fieldOf(issue).slice(0, MAX_ECHO),
    ...(issue.code === "unrecognized_keys" ? {} : { received: echo(valueAt(body, issue.path)) }),
    problem: issue.message,
  }));
  throw new AppError("BAD_REQUEST", problems.map(sentence).join("; "), { details: { problems } });
}

/** The client's going away, or taking too long, is its own affair, and nothing of ours has failed. */
async function readBody({ body }: Request): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      // Leaving the loop cancels the body: no more of it is taken in.
      if (bytes > MAX_BODY_BYTES) break;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw new AppError("BAD_REQUEST", "The request body broke off before its end", { cause });
  }
  if (bytes <= MAX_BODY_BYTES) return text + decoder.decode();
  throw new AppError("BAD_REQUEST", `The request body is over ${MAX_BODY_BYTES} bytes`);
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

/** What was sent, short and whatever it is: a value may be nested deeper than can be written out. */
function echo(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return (JSON.stringify(value) ?? "nothing").slice(0, MAX_ECHO);
}

function sentence({ field, received, problem }: FieldProblem): string {
  return `${field} ${problem}${received === undefined ? "" : ` (received ${received})`}`;
}

import type { z } from "zod";
import { AppError } from "../../errors.ts";
import type { HttpReply } from "./http_exchange.ts";

/**
 * The error for an answer that is JSON but not the answer to the question. `found` ends the sentence
 * "<provider> answered <status> with …".
 */
export function badAnswer(
  provider: string,
  { reply, found }: { readonly reply: HttpReply; readonly found: string },
): AppError {
  const { status } = reply;
  return new AppError("PROVIDER_BAD_ANSWER", `${provider} answered ${status} with ${found}`, {
    details: { provider, status },
  });
}

/**
 * The body of an answer as `schema` reads it. Throws `AppError` PROVIDER_BAD_ANSWER when it can't;
 * `otherwise` then ends the sentence "<provider> answered <status> with …", and the first thing that is
 * wrong follows in brackets.
 */
export function readAnswer<T>(
  provider: string,
  { reply, schema, otherwise }: {
    readonly reply: HttpReply;
    readonly schema: z.ZodType<T>;
    readonly otherwise: string;
  },
): T {
  const parsed = schema.safeParse(reply.json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw badAnswer(provider, { reply, found: `${otherwise} (${place}${issue?.message ?? ""})` });
}

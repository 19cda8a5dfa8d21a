import { AppError } from "../errors.ts";
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

import { AppError } from "../../errors.ts";

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads a JSON request body; an absent body counts as `{}`.
 *
 * Throws `AppError` BAD_REQUEST when the body is not JSON, does not arrive whole or is too large.
 */
export async function readBody(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("BAD_REQUEST", "The request body is not JSON", { cause });
  }
}

/** The client's going away, or taking too long, is its own affair, and nothing of ours has failed. */
async function readText({ body }: Request): Promise<string> {
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

import { cleanText, mapTexts, withoutControls } from "../../domain/text/clean_text.ts";
import type { Redact } from "../../domain/text/redaction.ts";
import { decodeBody } from "./decode_body.ts";
import { AppError } from "../../errors.ts";

/** One question to a provider. `path` starts with a slash and is appended to the base URL. */
export interface HttpRequest {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** How often it may be repeated at most, where the policy or the failure would allow more. */
  readonly maxRetries?: number;
  /** Units of the provider's quota it takes; 1 when not given. */
  readonly cost?: number;
  /** Called once for each request that leaves, followed redirects included. */
  readonly onCall: () => void;
}

/**
 * What came back, whatever its status. `json` is undefined when the body is not JSON. Control and
 * invisible characters, and what no database stores, are left out.
 */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
  readonly isHtml: boolean;
}

export interface ExchangeOptions {
  readonly provider: string;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly userAgent: string;
  /** Takes our own secrets out of what comes back. */
  readonly redact: Redact;
  readonly fetch: typeof fetch;
}

const MAX_REDIRECTS = 3;

/**
 * Sends one request and reads the whole answer within `timeoutMs` milliseconds. Redirects are
 * followed within the same origin only, so that a key never travels to another one, and from http to
 * https of the same host.
 * Throws the signal's reason when the caller aborts, `AppError` PROVIDER_TIMEOUT, PROVIDER_UNAVAILABLE
 * when no answer came (`details.is_unsent` when no connection was made), PROVIDER_BAD_ANSWER for a
 * body beyond `maxBodyBytes` or a redirect that can't be followed.
 */
export async function exchange(
  baseUrl: string,
  { request, options }: { request: HttpRequest; options: ExchangeOptions },
): Promise<HttpReply> {
  request.signal.throwIfAborted();
  const attempt = new AbortController();
  const onAbort = (): void => attempt.abort(request.signal.reason);
  request.signal.addEventListener("abort", onAbort, { once: true });
  // Real time on purpose: a socket hangs for real seconds, also when a test's clock stands still.
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    attempt.abort();
  }, options.timeoutMs);
  try {
    const response = await fetchFollowing(baseUrl + request.path, {
      request,
      options,
      signal: attempt.signal,
    });
    const body = options.redact(await readBounded(response, options));
    return {
      status: response.status,
      headers: response.headers,
      ...interpret(response, { body, redact: options.redact }),
    };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    if (isTimedOut) throw timeoutError(options, error);
    if (error instanceof AppError) throw error;
    throw networkError(options, error);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", onAbort);
  }
}

interface Hop {
  readonly request: HttpRequest;
  readonly options: ExchangeOptions;
  readonly signal: AbortSignal;
}

async function fetchFollowing(firstUrl: string, hop: Hop): Promise<Response> {
  const { request, options, signal } = hop;
  let url = new URL(firstUrl);
  for (let followed = 0; followed <= MAX_REDIRECTS; followed++) {
    request.onCall();
    const response = await options.fetch(url, {
      method: request.method ?? "GET",
      headers: {
        accept: "application/json",
        ...request.headers,
        "user-agent": options.userAgent,
      },
      body: request.body ?? null,
      redirect: "manual",
      signal,
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    url = redirectTarget(url, { location, status: response.status, request, options });
  }
  throw badAnswer(options, `more than ${MAX_REDIRECTS} redirects`);
}

interface Redirect {
  readonly location: string;
  readonly status: number;
  readonly request: HttpRequest;
  readonly options: ExchangeOptions;
}

function redirectTarget(from: URL, redirect: Redirect): URL {
  const { location, status, request, options } = redirect;
  const keepsMethod = (request.method ?? "GET") === "GET" || status === 307 || status === 308;
  if (!keepsMethod) throw badAnswer(options, `a ${status} redirect in answer to a POST`);
  const target = URL.parse(location, from);
  if (target === null || !mayFollow(from, target)) {
    const place = cleanText(options.redact(location)).slice(0, 200);
    throw badAnswer(options, `a redirect to another place: ${place}`);
  }
  return target;
}

/** The same origin, or the same host's own step from unencrypted to encrypted on the usual ports. */
function mayFollow(from: URL, target: URL): boolean {
  const isUpgrade = from.protocol === "http:" && target.protocol === "https:" &&
    from.port === "" && target.port === "" && from.hostname === target.hostname;
  return target.origin === from.origin || isUpgrade;
}

async function readBounded(response: Response, options: ExchangeOptions): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body, which closes the connection.
    if (bytes > options.maxBodyBytes) {
      throw badAnswer(options, `a body of more than ${options.maxBodyBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return decodeBody(await new Blob(chunks).bytes(), response.headers.get("content-type"));
}

/** What arrived, without what nobody should keep: control and invisible characters, and our secrets. */
function interpret(
  response: Response,
  { body, redact }: { body: string; redact: Redact },
): Pick<HttpReply, "text" | "json" | "isHtml"> {
  const declared = response.headers.get("content-type") ?? "";
  const isHtml = /\bhtml\b/i.test(declared) || /^\s*</.test(body);
  if (isHtml) return { text: withoutControls(body), json: undefined, isHtml };
  try {
    const json: unknown = JSON.parse(body);
    if (!MAY_HIDE.test(body)) return { text: body, json, isHtml };
    const clean = mapTexts(json, (text) => redact(withoutControls(text)));
    return { text: JSON.stringify(clean), json: clean, isHtml };
  } catch {
    // Not JSON is a fact about the answer, judged with its status by the caller.
    return { text: withoutControls(body), json: undefined, isHtml };
  }
}

/** Escaped characters, among which may be any, and those that need no escape and are not seen. */
const MAY_HIDE = /\\u|[\p{Cf}\x7f-\x9f\u115f\u1160\u2800\u3164\uffa0]/u;

function badAnswer(options: ExchangeOptions, found: string): AppError {
  return new AppError("PROVIDER_BAD_ANSWER", `${options.provider} answered with ${found}`, {
    details: { provider: options.provider },
  });
}

function timeoutError(options: ExchangeOptions, cause: unknown): AppError {
  const message = `${options.provider} did not answer within ${options.timeoutMs} ms`;
  return new AppError("PROVIDER_TIMEOUT", message, {
    cause,
    details: { provider: options.provider, timeout_ms: options.timeoutMs },
  });
}

function networkError(options: ExchangeOptions, cause: unknown): AppError {
  // The runtime's wording for a connection that was never made; without it we must assume that the
  // request arrived.
  const isUnsent = /client error \(Connect\)|dns error/i.test(wordsOf(cause));
  const message =
    (isUnsent
      ? `${options.provider} can't be reached`
      : `The connection to ${options.provider} broke before the answer was complete`) +
    reasonOf(cause, options);
  return new AppError("PROVIDER_UNAVAILABLE", message, {
    cause,
    details: { provider: options.provider, is_unsent: isUnsent },
  });
}

/**
 * What the runtime says of the connection: the name was not found, nobody listens, the certificate is
 * not accepted, it was reset. Without the address before it, whose query may hold a key.
 */
function reasonOf(cause: unknown, { redact }: ExchangeOptions): string {
  const words = wordsOf(cause);
  // A connection reset before the answer began is told in the system's words alone.
  const said = /client error \(\w+\): ([^]+)$/.exec(words)?.[1] ??
    /[^:()/?]+\(os error \d+\)$/.exec(words)?.[0].trim();
  return said === undefined ? "" : `: ${cleanText(redact(said)).slice(0, 200)}`;
}

/** `fetch` says little itself and keeps the reason in its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
}

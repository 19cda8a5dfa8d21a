import type { HttpReply } from "./http_exchange.ts";
import { excerpt, type HttpFailure, judgeByStatus } from "./http_failure.ts";

/**
 * What search engines and the services before them write into a success that is none: Solr's
 * `partialResults` (its guide, "timeAllowed"), Elasticsearch's `timed_out` (its search API), and the
 * error fields in use.
 */
const DECLARATIONS = [
  "error",
  "errors",
  "errorMessage",
  "error_message",
  "partialResults",
  "partial_results",
  "timed_out",
];

/**
 * As {@linkcode judgeByStatus}, for a catalogue: a success that bears an error, or says that it is only a
 * part of the results, is a provider that could not answer, whatever list stands beside it.
 */
export function judgeCatalogueReply(reply: HttpReply, now: Date): HttpFailure | null {
  return judgeByStatus(reply, now) ?? judgeDeclaration(reply);
}

/** The second half of {@linkcode judgeCatalogueReply}, for who judges statuses by rules of its own. */
export function judgeDeclaration(reply: HttpReply): HttpFailure | null {
  if (reply.status >= 300) return null;
  const declaration = declarationIn(reply.json);
  if (declaration === null) return null;
  return {
    code: "PROVIDER_UNAVAILABLE",
    detail: `answered ${reply.status} with "${declaration}": ${excerpt(reply)}`,
    isRetryable: true,
  };
}

/** The name of the declaration, at the top or, as Solr has it, in a header beside the results. */
function declarationIn(body: unknown): string | null {
  if (!isRecord(body)) return null;
  const parts = [body, ...["responseHeader", "response", "query"].map((name) => body[name])];
  for (const part of parts.filter(isRecord)) {
    const name = DECLARATIONS.find((each) => says(part[each]));
    if (name !== undefined) return name;
  }
  return null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Null, false, 0, "" and an empty list say that there was no error. */
function says(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "" && value !== "false";
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

import type { Context } from "hono";
import type { GoogleBooksQuery } from "./google_books_search.ts";
import { type GoogleTerm, parseGoogleQuery } from "./google_query.ts";
import { parseFieldMask } from "./partial_response.ts";
import type { ServiceEnv } from "../service/service.ts";
import { type RequestSubject, resolverSubject } from "../service/request_subject.ts";
import { invalidParameter } from "./google_books_errors.ts";

const MAX_RESULTS = { least: 0, most: 40, byDefault: 10 } as const;

/** Reads one whole number, or gives the 400 for one out of its range. */
function readNumber(
  c: Context<ServiceEnv>,
  spec: { name: string; least: number; most: number; byDefault: number },
): number | Response {
  const { name, least, most, byDefault } = spec;
  const sent = c.req.query(name);
  if (sent === undefined) return byDefault;
  const number = /^-?\d+$/.test(sent) ? Number(sent) : NaN;
  if (number >= least && number <= most) return number;
  const message = Number.isNaN(number)
    ? `Invalid value '${sent}'. Expected an integer.`
    : `Invalid value '${sent}'. Values must be within the range: [${least}, ${most}]`;
  return invalidParameter(name, { message });
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  orderBy: ["newest", "relevance"],
  printType: ["all", "books", "magazines"],
  projection: ["full", "lite"],
  filter: ["ebooks", "free-ebooks", "full", "paid-ebooks", "partial"],
};

function refuseChoice(c: Context<ServiceEnv>): Response | null {
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const sent = c.req.query(name);
    if (sent === undefined || allowed.includes(sent.toLowerCase())) continue;
    const message = `Invalid value '${sent}'. Allowed values: [${allowed.join(", ")}]`;
    return invalidParameter(name, { message });
  }
  return null;
}

/** Gives the 400 for a `fields` parameter that is not one, else null. */
export function refuseFields(c: Context<ServiceEnv>): Response | null {
  const fields = c.req.query("fields");
  if (fields === undefined || fields === "" || parseFieldMask(fields)) return null;
  return invalidParameter("fields", { message: `Invalid field selection ${fields}` });
}

/** A search and the part of its result that is wanted. */
export interface VolumesRequest {
  readonly query: GoogleBooksQuery;
  readonly startIndex: number;
  readonly maxResults: number;
  /** False when only magazines or only e-books free to read are wanted, of which there are none. */
  readonly wantsBooks: boolean;
}

/** Reads `GET /volumes`, or gives the 400 for what cannot be used. */
export function readVolumesRequest(c: Context<ServiceEnv>): VolumesRequest | Response {
  const q = c.req.query("q")?.trim() ?? "";
  if (q === "") {
    return invalidParameter("q", { message: "Missing query.", reason: "queryRequired" });
  }
  const startIndex = readNumber(c, {
    name: "startIndex",
    least: 0,
    most: 2 ** 31 - 1,
    byDefault: 0,
  });
  if (startIndex instanceof Response) return startIndex;
  const maxResults = readNumber(c, { name: "maxResults", ...MAX_RESULTS });
  if (maxResults instanceof Response) return maxResults;
  const refusal = refuseChoice(c) ?? refuseFields(c);
  if (refusal) return refusal;
  const { langRestrict, orderBy, printType, filter } = c.req.query();
  return {
    query: {
      terms: parseGoogleQuery(q),
      language: langRestrict?.toLowerCase().slice(0, 2),
      orderBy: orderBy?.toLowerCase() === "newest" ? "newest" : "relevance",
    },
    startIndex,
    maxResults,
    wantsBooks: printType?.toLowerCase() !== "magazines" && !/free|full/.test(filter ?? ""),
  };
}

/** What a request to Google Books asks for. */
export function describeGoogleBooks(c: Context<ServiceEnv>): RequestSubject {
  const terms = parseGoogleQuery(c.req.query("q") ?? "").filter((term) => !term.isExcluded);
  const textsOf = (field: GoogleTerm["field"]): string[] =>
    terms.filter((term) => term.field === field).map(({ text }) => text);
  const joined = (texts: string[]): string | undefined =>
    texts.length === 0 ? undefined : texts.join(" ");
  return resolverSubject({
    title: joined(textsOf("intitle")) ?? joined(textsOf(null)),
    author: joined(textsOf("inauthor")),
    isbns: textsOf("isbn"),
  });
}

import type { Context } from "hono";
import { z } from "zod";
import { mentionedTerms, parseLucene } from "../search/lucene_query.ts";
import type { OpenLibraryQuery } from "./open_library_search.ts";
import type { ServiceEnv } from "../service/service.ts";
import { type RequestSubject, resolverSubject } from "../service/request_subject.ts";

function invalid(issue: { type: string; name: string; msg: string; input: unknown }): Response {
  const { type, name, msg, input } = issue;
  return Response.json({ detail: [{ type, loc: ["query", name], msg, input }] }, { status: 422 });
}

const wholeNumberSchema = z.string().regex(/^-?\d+$/).transform(Number);

/** Which part of a list is wanted. */
export interface Paging {
  readonly limit: number;
  readonly offset: number;
}

/** One numeric parameter, or the 422 FastAPI answers with. */
function readNumber(
  c: Context<ServiceEnv>,
  spec: { name: string; minimum: number; fallback: number },
): number | Response {
  const input = c.req.query(spec.name);
  if (input === undefined) return spec.fallback;
  const number = wholeNumberSchema.safeParse(input);
  if (!number.success) {
    const msg = "Input should be a valid integer, unable to parse string as an integer";
    return invalid({ type: "int_parsing", name: spec.name, msg, input });
  }
  if (number.data >= spec.minimum) return number.data;
  const msg = `Input should be greater than or equal to ${spec.minimum}`;
  return invalid({ type: "greater_than_equal", name: spec.name, msg, input });
}

/** Reads `limit`, `page` and `offset`, or gives the 422 for one that is no fitting number. */
export function readPaging(c: Context<ServiceEnv>, defaultLimit: number): Paging | Response {
  const limit = readNumber(c, { name: "limit", minimum: 0, fallback: defaultLimit });
  if (limit instanceof Response) return limit;
  const page = readNumber(c, { name: "page", minimum: 1, fallback: 1 });
  if (page instanceof Response) return page;
  const offset = readNumber(c, { name: "offset", minimum: 0, fallback: (page - 1) * limit });
  return offset instanceof Response ? offset : { limit, offset };
}

function readQuery(c: Context<ServiceEnv>): OpenLibraryQuery {
  const { author_key, first_publish_year, lang = "en", ...same } = c.req.query();
  const { q, title, author, isbn, publisher, language, sort } = same;
  return {
    q,
    title,
    author,
    isbn,
    publisher,
    language,
    sort,
    authorKey: author_key,
    firstPublishYear: first_publish_year,
    lang,
  };
}

/** Queries Open Library refuses because they would match everything. */
function refuseShortQuery(q: string | undefined): Response | null {
  if (q === undefined) return null;
  const text = q.trim().toLowerCase();
  if (text.length >= 3 && text !== "the") return null;
  const msg = "Value error, Query too short, must be at least 3 characters";
  return invalid({ type: "value_error", name: "q", msg, input: q });
}

/** Reads a search, or gives the 422 that Open Library answers an impossible one with. */
export function readSearch(
  c: Context<ServiceEnv>,
): { query: OpenLibraryQuery } & Paging | Response {
  const query = readQuery(c);
  const refusal = refuseShortQuery(query.q);
  if (refusal) return refusal;
  const paging = readPaging(c, 100);
  return paging instanceof Response ? paging : { query, ...paging };
}

/** What a request to Open Library asks for. */
export function describeOpenLibrary(c: Context<ServiceEnv>): RequestSubject {
  const { q, title, author, isbn } = c.req.query();
  const parsed = q === undefined ? null : parseLucene(q);
  const terms = (parsed ? mentionedTerms(parsed) : []).filter((term) => term.kind === "words");
  const textsOf = (...fields: (string | null)[]): string[] =>
    terms.filter((term) => fields.includes(term.field)).map((term) => term.text);
  const joined = (texts: string[]): string | undefined =>
    texts.length === 0 ? undefined : texts.join(" ");
  const inPath = /\/isbn\/([^/.]+)/.exec(c.req.path)?.[1];
  return resolverSubject({
    title: title ?? joined(textsOf("title", "alternative_title")) ?? joined(textsOf(null)),
    author: author ?? joined(textsOf("author", "author_name")),
    isbns: [...textsOf("isbn"), isbn, inPath].filter((text) => text !== undefined),
  });
}

import type { Context } from "hono";
import { z } from "zod";
import type { IsbndbQuery } from "./isbndb_search.ts";
import type { ServiceEnv } from "../service/service.ts";
import { type RequestSubject, resolverSubject } from "../service/request_subject.ts";

const dateBound = z.string().regex(
  /^\d{4}(-\d{2}(-\d{2})?)?$/,
  "expected YYYY, YYYY-MM or YYYY-MM-DD",
);

/** The most characters a search text or a name may have (OpenAPI 2.7.0). */
const searchText = z.string().min(1).max(150, "must not be longer than 150 characters");

const listParameters = z.object({
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(100, "must not be greater than 100").default(20),
  publishedFrom: dateBound.optional(),
  publishedTo: dateBound.optional(),
  language: z.string().optional(),
});

const booksParameters = listParameters.extend({
  column: z.enum(["", "title", "author", "date_published", "subjects"]).default(""),
  year: z.string().regex(/^\d{4}$/, "expected YYYY").optional(),
  shouldMatchAll: z.enum(["0", "1", "true", "false"]).default("0"),
}).refine(
  ({ year, publishedFrom, publishedTo }) => year === undefined || !(publishedFrom ?? publishedTo),
  "year may not be combined with publishedFrom or publishedTo",
);

const searchParameters = listParameters.extend({
  text: searchText.optional(),
  author: searchText.optional(),
  isbn: z.string().optional(),
  isbn13: z.string().optional(),
}).refine(
  ({ text, author, isbn, isbn13 }) => text ?? author ?? isbn ?? isbn13,
  "one of text, author, isbn or isbn13 is required",
);

const batchSchema = z.object({ isbns: z.array(z.union([z.string(), z.number()])).min(1) });

/** A search and the part of its result that is wanted; `page` counts from 1. */
export interface PagedQuery {
  readonly query: IsbndbQuery;
  readonly page: number;
  readonly pageSize: number;
}

type Read = PagedQuery | { readonly error: string };

function sayIssue(error: z.ZodError): { error: string } {
  const issue = error.issues[0];
  return { error: ["Bad request:", ...(issue?.path ?? []), issue?.message].join(" ") };
}

/** Reads `GET /books/{query}`, or says what is wrong with its parameters. */
export function readBooksQuery(c: Context<ServiceEnv>): Read {
  const parsed = booksParameters.safeParse(c.req.query());
  if (!parsed.success) return sayIssue(parsed.error);
  const { year, column, shouldMatchAll, page, pageSize, language } = parsed.data;
  const query: IsbndbQuery = {
    text: c.req.param("query"),
    shouldMatchAll: shouldMatchAll === "1" || shouldMatchAll === "true",
    column: column === "" ? undefined : column,
    publishedFrom: year ?? parsed.data.publishedFrom,
    publishedTo: year ?? parsed.data.publishedTo,
    language,
  };
  return { query, page, pageSize };
}

/** Reads `GET /search/books`, or says what is wrong with its parameters. */
export function readSearchQuery(c: Context<ServiceEnv>): Read {
  const parsed = searchParameters.safeParse(c.req.query());
  if (!parsed.success) return sayIssue(parsed.error);
  const { isbn, isbn13, page, pageSize, ...wanted } = parsed.data;
  return { query: { ...wanted, isbn13: isbn13 ?? isbn, shouldMatchAll: false }, page, pageSize };
}

/** True for `POST /books`. */
export function isBatch(c: Context<ServiceEnv>): boolean {
  return c.req.method === "POST" && c.req.path.endsWith("/books");
}

/** The ISBNs of a batch in either of the two documented forms, or null when it is neither. */
export async function readBatch(c: Context<ServiceEnv>): Promise<string[] | null> {
  const body = await c.req.text();
  if (c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded")) {
    return new URLSearchParams(body).get("isbns")?.split(",") ?? null;
  }
  try {
    const parsed = batchSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data.isbns.map(String) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Decodes a path segment and, unlike `decodeURIComponent`, leaves a lone percent sign as it is. */
function decodeLeniently(segment: string): string {
  return segment.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    const bytes = escaped.slice(1).split("%").map((hex) => parseInt(hex, 16));
    return new TextDecoder().decode(new Uint8Array(bytes));
  });
}

/** What a request to ISBNdb asks for. */
export async function describeIsbndb(c: Context<ServiceEnv>): Promise<RequestSubject> {
  const { text, author, isbn, isbn13 } = c.req.query();
  const [, kind, rest] = /\/isbndb\/(books|book)\/(.+)$/.exec(c.req.path) ?? [];
  const inPath = rest === undefined ? undefined : decodeLeniently(rest);
  const isbns = isBatch(c)
    ? await readBatch(c) ?? []
    : [isbn13 ?? isbn ?? (kind === "book" ? inPath : undefined)];
  return resolverSubject({
    title: text ?? (kind === "books" ? inPath : undefined),
    author,
    isbns: isbns.filter((value) => value !== undefined),
  });
}

import { fileURLToPath } from "node:url";
import { z } from "zod";
import { RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { AppError } from "../../../src/errors.ts";

const yearSchema = z.union([
  z.number().int().min(1000).max(2999).transform(String),
  z.string().regex(/^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?$/, "expected YYYY, YYYY-MM or YYYY-MM-DD"),
], "expected a year, as a number or as YYYY, YYYY-MM or YYYY-MM-DD");

const isbn13Schema = z.string().regex(/^\d{13}$/, "expected thirteen plain digits");

/** As a record writes it, with hyphens or of ten digits, or mistyped. */
const writtenIsbnSchema = z.string().regex(/^\d[\d-]{7,15}[\dXx]$/, "expected an ISBN");

const wordsSchema = z.string().min(1).nullish().transform((text) => text ?? null);

const recordSchema = z.object({
  provider: z.enum(RESOLVER_NAMES),
  title: z.string().min(1),
  subtitle: wordsSchema,
  authors: z.array(z.string().min(1)),
  year: yearSchema.nullish().transform((year) => year ?? null),
  isbn13: writtenIsbnSchema.nullish().transform((isbn) => isbn ?? null),
  isbns: z.array(writtenIsbnSchema).nullish().transform((isbns) => isbns ?? []),
  language: wordsSchema,
  binding: wordsSchema,
  publisher: wordsSchema,
  pages: z.number().int().positive().nullish().transform((pages) => pages ?? null),
  work: wordsSchema,
  work_title: wordsSchema,
  work_year: z.number().int().nullish().transform((year) => year ?? null),
}).refine(
  ({ provider, isbn13, isbns }) => provider !== "isbndb" || isbn13 !== null || isbns.length > 0,
  {
    path: ["isbn13"],
    message: "ISBNdb files books by their ISBN and has none without",
  },
);

const answerSchema = z.union([
  isbn13Schema.transform((isbn) => [isbn]),
  z.array(isbn13Schema).min(1),
  z.null().transform((): string[] => []),
], "expected an ISBN, a list of them, or null");

const caseSchema = z.object({
  id: z.string().min(1),
  kind: z.string().min(1),
  query: z.object({
    title: z.string().min(1),
    author: z.string(),
    year: z.number().int(),
    month: z.number().int().min(1).max(12).nullish().transform((month) => month ?? null),
  }),
  records: z.array(recordSchema),
  expected: answerSchema,
  sure: z.boolean(),
  note: wordsSchema,
});

/**
 * A question with all that the providers know of it. `expected` are the ISBNs that are right; empty where
 * nothing may be accepted.
 */
export type MatchCase = Readonly<z.infer<typeof caseSchema>>;

/** What one provider knows of one edition; `year` is YYYY, YYYY-MM or YYYY-MM-DD. */
export type CaseRecord = Readonly<z.infer<typeof recordSchema>>;

/** The cases that are shipped. */
export const SHIPPED_CASES = fileURLToPath(new URL("../data/match_cases.jsonl", import.meta.url));

/**
 * Reads a file of cases, one a line.
 * Throws `AppError` CATALOGUE_UNREADABLE naming file, line and what is wrong.
 */
export async function readMatchCases(path: string): Promise<MatchCase[]> {
  const lines = (await readText(path)).split("\n");
  const cases = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [readCase(line, `${path} line ${index + 1}`)]
  );
  if (cases.length === 0) throw unreadable(`${path} holds no cases`);
  const twice = cases.find(({ id }, index) => cases.findIndex((one) => one.id === id) !== index);
  if (twice !== undefined) throw unreadable(`${path} has several cases "${twice.id}"`);
  return cases;
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw unreadable(`${path} with the cases cannot be read`, cause);
  }
}

function readCase(line: string, place: string): MatchCase {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw unreadable(`${place} is not JSON`, cause);
  }
  const parsed = caseSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".");
  throw unreadable(
    field ? `${place}: ${field}: ${issue?.message}` : `${place}: ${issue?.message}`,
    parsed.error,
  );
}

function unreadable(message: string, cause?: unknown): AppError {
  return new AppError("CATALOGUE_UNREADABLE", message, { cause });
}

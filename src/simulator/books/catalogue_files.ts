import { z } from "zod";
import { AppError } from "../../errors.ts";
import { isIsbn13 } from "./isbn_forms.ts";

const isbn13Schema = z.string().refine(isIsbn13, "expected a valid ISBN-13 of plain digits");
const nameListSchema = z.array(z.string().min(1));
const pagesSchema = z.number().int().positive().nullable();
const publishedSchema = z.string().regex(
  /^(\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?)?$/,
  "expected YYYY, YYYY-MM, YYYY-MM-DD or an empty text",
);

const catalogueRowSchema = z.object({
  id: z.string().min(1),
  title: z.string().min(1),
  subtitle: z.string(),
  series: z.string(),
  authors: nameListSchema,
  isbn13: z.array(isbn13Schema).min(1),
  first_published: z.string().regex(
    /^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/,
    "expected YYYY-MM or YYYY-MM-DD",
  ),
  language: z.string(),
  publisher: z.string(),
  pages: pagesSchema,
  notability: z.number(),
});

const editionRowSchema = z.object({
  isbn13: isbn13Schema,
  title: z.string().min(1),
  authors: nameListSchema,
  publisher: z.string(),
  published: publishedSchema,
  pages: pagesSchema,
  language: z.string(),
  work: z.string().min(1),
  format: z.string().optional(),
});

const benchmarkRowSchema = z.object({
  category: z.string(),
  query: z.object({ title: z.string(), author: z.string(), year: z.number().int().optional() }),
  work: z.string().optional(),
  note: z.string().optional(),
});

/** One notable work with the month it first appeared in. */
export type CatalogueRow = z.infer<typeof catalogueRowSchema>;
/** One published form; rows with the same `work` belong together. */
export type EditionRow = z.infer<typeof editionRowSchema>;
/** One benchmark question. */
export type BenchmarkRow = z.infer<typeof benchmarkRowSchema>;

/** The rows of a data directory, as they stand in its files. */
export interface CatalogueFiles {
  readonly catalogue: readonly CatalogueRow[];
  readonly editions: readonly EditionRow[];
  readonly lightNovels: readonly EditionRow[];
  readonly benchmark: readonly BenchmarkRow[];
}

interface RowFile<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly isRequired: boolean;
}

function unreadable(message: string, options: { file: string; cause?: unknown }): AppError {
  return new AppError("CATALOGUE_UNREADABLE", message, {
    cause: options.cause,
    details: { file: options.file },
  });
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return "the row has another shape than expected";
  const field = issue.path.join(".");
  return field === "" ? issue.message : `${field}: ${issue.message}`;
}

function parseRow<T>(line: string, context: { file: RowFile<T>; place: string }): T {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw unreadable(`${context.place} is not JSON`, { file: context.file.name, cause });
  }
  const row = context.file.schema.safeParse(json);
  if (row.success) return row.data;
  throw unreadable(`${context.place}: ${describeIssue(row.error)}`, {
    file: context.file.name,
    cause: row.error,
  });
}

async function readText(dir: string, file: RowFile<unknown>): Promise<string | null> {
  const path = `${dir}/${file.name}`;
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const isMissing = cause instanceof Deno.errors.NotFound;
    if (isMissing && !file.isRequired) return null;
    const what = isMissing ? "is missing" : "cannot be read";
    throw unreadable(`${path} ${what}; catalogue.jsonl and editions.jsonl are required`, {
      file: file.name,
      cause,
    });
  }
}

async function readRows<T>(dir: string, file: RowFile<T>): Promise<readonly T[]> {
  const text = await readText(dir, file);
  if (text === null) return [];
  const rows: T[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    rows.push(parseRow(line, { file, place: `${dir}/${file.name} line ${index + 1}` }));
  });
  if (rows.length === 0 && file.isRequired) {
    throw unreadable(`${dir}/${file.name} holds no rows`, { file: file.name });
  }
  return rows;
}

/**
 * Reads and checks a data directory: `catalogue.jsonl` and `editions.jsonl` must be there,
 * `light_novels.jsonl` and `benchmark_dev.jsonl` may be absent.
 * Throws `AppError` CATALOGUE_UNREADABLE naming file, line and what is wrong.
 */
export async function readCatalogueFiles(dir: string): Promise<CatalogueFiles> {
  const reads = [
    readRows(dir, { name: "catalogue.jsonl", schema: catalogueRowSchema, isRequired: true }),
    readRows(dir, { name: "editions.jsonl", schema: editionRowSchema, isRequired: true }),
    readRows(dir, { name: "light_novels.jsonl", schema: editionRowSchema, isRequired: false }),
    readRows(dir, { name: "benchmark_dev.jsonl", schema: benchmarkRowSchema, isRequired: false }),
  ] as const;
  // All are waited for first, so that of several problems the first file's is always the one told.
  await Promise.allSettled(reads);
  const [catalogue, editions, lightNovels, benchmark] = [
    await reads[0],
    await reads[1],
    await reads[2],
    await reads[3],
  ];
  return { catalogue, editions, lightNovels, benchmark };
}

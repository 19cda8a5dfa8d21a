import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AppError } from "../../src/errors.ts";
import { buildCatalogue } from "../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../src/simulator/books/catalogue_files.ts";

const isbnListSchema = z.array(z.string().regex(/^\d{13}$/, "expected an ISBN-13"));

const querySchema = z.object({
  id: z.string().min(1),
  category: z.string().min(1),
  query: z.object({ title: z.string(), author: z.string(), year: z.number().int() }),
  all_isbn13: isbnListSchema,
  reject_isbn13: isbnListSchema,
  work: z.string(),
});

/** One question with the answers known to be right and those known to be wrong. */
export type ResolveQuery = z.infer<typeof querySchema>;

/** Books that don't exist: whatever is answered is wrong. */
export const FICTIONAL = "fictional";

/** The questions of a data directory, and what is needed to judge answers to them. */
export interface ResolveQuestions {
  readonly queries: readonly ResolveQuery[];
  /** The work an ISBN is an edition of; undefined for one the data does not know. */
  readonly workOf: (isbn13: string) => string | undefined;
}

/** `unjudged`: an ISBN nothing is known of, which proves neither. */
export type Judgement = "right" | "wrong" | "unjudged";

/** Where the questions and the catalogue the simulator ships with lie. */
export const SHIPPED_DATA = fileURLToPath(new URL("../../src/simulator/data", import.meta.url));

/**
 * Reads `benchmark_dev.jsonl` of a directory with its catalogue.
 * Throws `AppError` CATALOGUE_UNREADABLE naming file, line and what is wrong.
 */
export async function readResolveQuestions(dir: string): Promise<ResolveQuestions> {
  const path = `${dir}/benchmark_dev.jsonl`;
  const { works, isbns } = buildCatalogue(await readCatalogueFiles(dir));
  const lines = (await readText(path)).split("\n");
  const queries = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [readQuery(line, `${path} line ${index + 1}`)]
  );
  if (queries.length === 0) throw unreadable(`${path} holds no questions`);
  return {
    queries,
    workOf(isbn13) {
      const place = isbns.get(isbn13);
      return place === undefined ? undefined : works[place.work]?.id;
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw unreadable(`${path} with the questions cannot be read`, cause);
  }
}

function readQuery(line: string, place: string): ResolveQuery {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw unreadable(`${place} is not JSON`, cause);
  }
  const parsed = querySchema.safeParse(row);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(`${place}: ${issue?.path.join(".")}: ${issue?.message}`, parsed.error);
}

function unreadable(message: string, cause?: unknown): AppError {
  return new AppError("CATALOGUE_UNREADABLE", message, { cause });
}

/**
 * Judges an answer. Right is an ISBN listed as right, or another edition of the same work that is not
 * listed as wrong; an edition of another work is wrong, and so is anything for a book that does not
 * exist.
 */
export function judgeIsbn(
  isbn13: string,
  { query, workOf }: { query: ResolveQuery; workOf: ResolveQuestions["workOf"] },
): Judgement {
  if (query.category === FICTIONAL) return "wrong";
  if (query.all_isbn13.includes(isbn13)) return "right";
  if (query.reject_isbn13.includes(isbn13)) return "wrong";
  const work = workOf(isbn13);
  if (work === undefined) return "unjudged";
  return work === query.work ? "right" : "wrong";
}

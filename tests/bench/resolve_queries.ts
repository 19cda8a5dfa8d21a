import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ResolverName } from "../../src/domain/matching/resolver.ts";
import { foldText } from "../../src/domain/text/fold_text.ts";
import { AppError } from "../../src/errors.ts";
import { buildCatalogue } from "../../src/simulator/books/catalogue.ts";
import { fillRecords } from "../../src/simulator/books/fill_records.ts";
import { readCatalogueFiles } from "../../src/simulator/books/catalogue_files.ts";
import type { AddedWorks } from "../../src/simulator/simulator.ts";
import type { AskedBefore } from "./asked/askable_books.ts";
import type { AskedQuestion } from "./asked/asked_question.ts";
import { askedQuestions } from "./asked/asked_questions.ts";

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
export interface ResolveQuery extends z.infer<typeof querySchema> {
  /** Whose answer comes before those of the others; in whatever order when absent. */
  readonly heard_first?: ResolverName;
}

/** Whether there is anything to be found; whatever is answered to other questions is wrong. */
export function isAnswerable(
  { category, all_isbn13 }: Pick<ResolveQuery, "category" | "all_isbn13">,
): boolean {
  return category !== FICTIONAL && all_isbn13.length > 0;
}

/** Books that don't exist: whatever is answered is wrong. */
export const FICTIONAL = "fictional";

/** The questions of a data directory, and what is needed to judge answers to them. */
export interface ResolveQuestions {
  readonly queries: readonly ResolveQuery[];
  /** The categories of those that are made of the catalogue. */
  readonly asked: ReadonlySet<string>;
  /** What providers hold for them besides the data. */
  readonly added: AddedWorks;
  /** The work an ISBN is an edition of; undefined for one that nobody knows. */
  readonly workOf: (isbn13: string) => string | undefined;
}

/** `unjudged`: an ISBN nothing is known of, which proves neither. */
export type Judgement = "right" | "wrong" | "unjudged";

/** Where the questions and the catalogue the simulator ships with lie. */
export const SHIPPED_DATA = fileURLToPath(new URL("../../src/simulator/data", import.meta.url));

/**
 * Reads `benchmark_dev.jsonl` of a directory with its catalogue, and makes of the catalogue what people
 * ask besides.
 * Throws `AppError` CATALOGUE_UNREADABLE naming file, line and what is wrong.
 */
export async function readResolveQuestions(dir: string): Promise<ResolveQuestions> {
  const path = `${dir}/benchmark_dev.jsonl`;
  const files = await readCatalogueFiles(dir);
  const catalogue = buildCatalogue(files);
  const filled = fillRecords(catalogue, files.benchmark);
  const lines = (await readText(path)).split("\n");
  const queries = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [readQuery(line, `${path} line ${index + 1}`)]
  );
  if (queries.length === 0) throw unreadable(`${path} holds no questions`);
  const { questions, added } = askedQuestions({
    catalogue,
    filled,
    rows: files.catalogue,
    asked: askedBefore(queries),
  });
  const madeRecords = questions.flatMap(({ traps, own = [] }) => [...traps, ...own]);
  const madeWorks = new Map(madeRecords.map(({ isbn13, id }) => [isbn13, id]));
  return {
    queries: [...queries, ...questions.map(toResolveQuery)],
    asked: new Set(questions.map(({ category }) => category)),
    added,
    workOf(isbn13) {
      const place = catalogue.isbns.get(isbn13);
      if (place !== undefined) return catalogue.works[place.work]?.id;
      const translated = filled.isbns.get(isbn13);
      if (translated === undefined) return madeWorks.get(isbn13);
      // Everything is asked for in English.
      return `${filled.works[translated.work]?.id} in translation`;
    },
  };
}

function askedBefore(queries: readonly ResolveQuery[]): AskedBefore {
  const titles = queries.flatMap((
    { query },
  ) => [query.title, query.title.split(/[:(;,#]/)[0] ?? ""]);
  return {
    works: new Set(queries.map(({ work }) => work)),
    isbn13s: new Set(queries.flatMap((query) => [...query.all_isbn13, ...query.reject_isbn13])),
    titles: new Set(titles.map(foldText)),
  };
}

function toResolveQuery(question: AskedQuestion, position: number): ResolveQuery {
  const { category, query, right, traps, own = [], work, heard_first } = question;
  return {
    id: `${category} ${position}`,
    category,
    query,
    all_isbn13: [...right],
    reject_isbn13: traps.map(({ isbn13 }) => isbn13),
    work: work ?? own[0]?.id ?? "none",
    ...(heard_first === undefined ? {} : { heard_first }),
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
 * listed as wrong; an edition of another work is wrong, and so is anything where nothing is to be found.
 */
export function judgeIsbn(
  isbn13: string,
  { query, workOf }: { query: ResolveQuery; workOf: ResolveQuestions["workOf"] },
): Judgement {
  if (!isAnswerable(query)) return "wrong";
  if (query.all_isbn13.includes(isbn13)) return "right";
  if (query.reject_isbn13.includes(isbn13)) return "wrong";
  const work = workOf(isbn13);
  if (work === undefined) return "unjudged";
  return work === query.work ? "right" : "wrong";
}

import {
  findGeneration,
  judgeGeneration,
  type StoredGeneration,
  storeGeneration,
} from "../database/generations.ts";
import { type ListedBook, parseBookList } from "../domain/book_list.ts";
import type { Generator, GeneratorName, GeneratorRequest } from "../domain/generator.ts";
import {
  BOOK_LIST_SCHEMA,
  buildPrompt,
  defaultVariant,
  isPromptVariant,
} from "../domain/prompt.ts";
import { AppError, toAppError } from "../errors.ts";
import { countCall } from "./call_counts.ts";
import type { MonthJobContext, MonthRun } from "./month_job_context.ts";

export interface NamedBook extends ListedBook {
  readonly named_by: GeneratorName;
}

export interface GeneratedBooks {
  readonly books: readonly NamedBook[];
  readonly prompt_variant: string;
  /** What the month's note should say about generators that named nothing. */
  readonly remarks: readonly string[];
}

/**
 * Stage 1: asks every generator side by side, or reads back what it answered before. An answer is
 * committed before anybody looks inside, so that whatever happens next it is not paid for twice.
 *
 * Succeeds when at least one generator answered. Throws `AppError` PROVIDER_BAD_ANSWER when the
 * answers there were are unusable, EVERY_GENERATOR_DOWN when there was none.
 */
export async function generateBooks(
  context: MonthJobContext,
  run: MonthRun,
): Promise<GeneratedBooks> {
  const request = requestFor(run);
  const settled = await Promise.allSettled(
    context.generators.map((generator) => askOne(context, { run, generator, request })),
  );
  run.signal.throwIfAborted();
  const answers = settled.filter((one) => one.status === "fulfilled").map((one) => one.value);
  if (answers.length === 0) {
    throw everyGeneratorFailed(
      settled.map((one) => toAppError((one as PromiseRejectedResult).reason)),
    );
  }
  settled.forEach((one, index) => {
    if (one.status === "rejected") {
      const generator = context.generators[index]!.name;
      run.log.warn("generator_failed", { generator, error: toAppError(one.reason) });
    }
  });
  return {
    books: answers.flatMap(({ books }) => books),
    prompt_variant: request.prompt.variant,
    remarks: answers.flatMap(({ remark }) => remark === null ? [] : [remark]),
  };
}

function requestFor(run: MonthRun): GeneratorRequest {
  const asked = run.prompt_variant;
  const variant = asked !== null && isPromptVariant(asked) ? asked : defaultVariant(run.year);
  if (asked !== null && asked !== variant) {
    run.log.warn("prompt_variant_unknown", { asked, used: variant });
  }
  const month = { year: run.year, month: run.month };
  return {
    month,
    max_books: run.batch_size,
    prompt: buildPrompt({ month, variant, maxBooks: run.batch_size }),
    answer_schema: BOOK_LIST_SCHEMA,
  };
}

interface Answer {
  readonly books: readonly NamedBook[];
  readonly remark: string | null;
}

async function askOne(
  context: MonthJobContext,
  { run, generator, request }: { run: MonthRun; generator: Generator; request: GeneratorRequest },
): Promise<Answer> {
  const stored = await recall(context, { run, generator, request }) ??
    await askAndStore(context, { run, generator, request });
  return await parse(context, { run, generator, stored });
}

async function recall(
  { database }: MonthJobContext,
  { run, generator, request }: { run: MonthRun; generator: Generator; request: GeneratorRequest },
): Promise<StoredGeneration | null> {
  const stored = await findGeneration(database.sql, {
    monthId: run.month_id,
    generator: generator.name,
    model: generator.model,
    promptHash: request.prompt.hash,
  });
  if (stored) run.log.info("generation_reused", { generator: generator.name });
  return stored;
}

async function askAndStore(
  { database, clock }: MonthJobContext,
  { run, generator, request }: { run: MonthRun; generator: Generator; request: GeneratorRequest },
): Promise<StoredGeneration> {
  const answer = await generator.generate(request, {
    signal: run.signal,
    onCall: (provider) => countCall(run, provider),
  });
  return await storeGeneration(database.sql, {
    monthId: run.month_id,
    jobId: run.job_id,
    generator: generator.name,
    prompt: request.prompt,
    model: generator.model,
    answer,
    at: clock.sqlNow(),
  });
}

async function parse(
  { database }: MonthJobContext,
  { run, generator, stored }: { run: MonthRun; generator: Generator; stored: StoredGeneration },
): Promise<Answer> {
  const judge = (
    verdict: "usable" | "refused" | "unusable",
    counts: { booksNamed: number; booksDropped: number } = { booksNamed: 0, booksDropped: 0 },
  ): Promise<void> => judgeGeneration(database.sql, { id: stored.id, verdict, ...counts });

  if (stored.finish === "refused") {
    await judge("refused");
    return {
      books: [],
      remark: `${generator.name} declined (${stored.finish_detail ?? "refused"})`,
    };
  }
  const list = parseBookList(stored.answer, { maxBooks: run.batch_size });
  switch (list.kind) {
    case "refusal":
      await judge("refused");
      return { books: [], remark: `${generator.name} declined: ${list.message}` };
    case "unusable":
      await judge("unusable");
      throw new AppError(
        "PROVIDER_BAD_ANSWER",
        `The answer of ${generator.name} is unusable: ${list.reason}`,
        { details: { provider: generator.name } },
      );
    case "books": {
      const { invalid, duplicate, over_limit } = list.dropped;
      const booksDropped = invalid + duplicate + over_limit;
      await judge("usable", { booksNamed: list.books.length, booksDropped });
      if (booksDropped > 0) {
        run.log.info("books_dropped", { generator: generator.name, ...list.dropped });
      }
      return {
        books: list.books.map((book) => ({ ...book, named_by: generator.name })),
        remark: list.books.length === 0 ? `${generator.name} named no book` : null,
      };
    }
  }
}

/** One error for all: unusable answers are worth another attempt, silence is waited out. */
function everyGeneratorFailed(errors: readonly AppError[]): AppError {
  const badAnswer = errors.find((error) => error.class === "bad_answer");
  if (badAnswer) return badAnswer;
  const internal = errors.find((error) =>
    error.code === "INTERNAL" || error.code.startsWith("DATABASE")
  );
  if (internal) return internal;
  const ends = errors.flatMap(({ retryAt }) => retryAt ? [retryAt.getTime()] : []);
  return new AppError(
    "EVERY_GENERATOR_DOWN",
    `No generator can answer: ${
      errors.map(({ message }) => message).join("; ") || "none is set up"
    }`,
    {
      cause: errors[0],
      ...(ends.length === errors.length && ends.length > 0
        ? { retryAt: new Date(Math.min(...ends)) }
        : {}),
    },
  );
}

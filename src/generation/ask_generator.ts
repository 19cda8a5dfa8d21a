import { adoptAnswer } from "../database/experiments/experiments.ts";
import {
  countUnspentUnusable,
  findGeneration,
  judgeGeneration,
  type StoredGeneration,
} from "../database/generation/generations.ts";
import {
  type BookListResult,
  type ListedBook,
  parseBookList,
} from "../domain/answers/book_list.ts";
import { largerAnswer, outputTokensAtLeast } from "../domain/money/call_budget.ts";
import type { Generator, GeneratorName, GeneratorRequest } from "../domain/generation/generator.ts";
import { MAX_ATTEMPTS } from "../domain/months/month_state.ts";
import { AppError, toAppError } from "../errors.ts";
import { askDatabase } from "../month_job/ask_database.ts";
import { type Asked, callGenerator } from "./call_generator.ts";
import type { MonthJobContext, MonthRun } from "../month_job/month_job_context.ts";

export interface NamedBook extends ListedBook {
  readonly named_by: GeneratorName;
}

export interface Answer {
  readonly books: readonly NamedBook[];
  /** What the month's note should say when it named nothing. */
  readonly remark: string | null;
}

interface Question {
  readonly run: MonthRun;
  readonly generator: Generator;
  readonly request: GeneratorRequest;
  /** Called when the generator itself has answered, not the memory. */
  readonly onHeard: () => void;
}

/**
 * What a generator says to the question: its remembered answer, or one it is asked for now. An answer
 * that was cut off before its first book is asked for once more, with room for more tokens.
 *
 * Throws `AppError`: PROVIDER_BAD_ANSWER when the answer is unusable, or has been so often while the
 * month waited for others; other PROVIDER_* codes when there is none, COST_CAP_REACHED when it cannot be
 * paid for.
 */
export async function askGenerator(context: MonthJobContext, question: Question): Promise<Answer> {
  const { run, request } = question;
  const remembered = await recall(context, question);
  const first = remembered
    ? { stored: remembered, max_output_tokens: request.max_output_tokens }
    : await ask(context, {
      question,
      request,
      needed_output_tokens: outputTokensAtLeast(run.batch_size),
    });
  const reading = read(first.stored, run);
  const max_output_tokens = largerAnswer(first.max_output_tokens);
  const isCutOff = first.stored.finish === "length" && reading.kind === "unusable";
  if (!isCutOff || max_output_tokens === null) {
    return await conclude(context, { question, stored: first.stored, reading });
  }
  await judge(context, { question, stored: first.stored, verdict: "unusable" });
  run.log.info("answer_cut_off", { generator: question.generator.name, max_output_tokens });
  const second = await askForMore(context, { question, max_output_tokens });
  return await conclude(context, { question, stored: second, reading: read(second, run) });
}

async function recall(
  context: MonthJobContext,
  { run, generator, request }: Question,
): Promise<StoredGeneration | null> {
  const { database } = context;
  const key = {
    monthId: run.month_id,
    generator: generator.name,
    model: generator.model,
    promptHash: request.prompt.hash,
  };
  const ask = <T>(statement: () => Promise<T>) => askDatabase(statement, { context, run });
  const stored = await ask(() => findGeneration(database.sql, key));
  if (stored === null) {
    demandProspect(generator, await ask(() => countUnspentUnusable(database.sql, key)));
    return null;
  }
  run.log.info("generation_reused", { generator: generator.name });
  await ask(() => adoptAnswer(database.sql, { id: stored.id, jobId: run.job_id }));
  return stored;
}

/** While others keep the month waiting at no cost, no number of bad answers would end the asking. */
function demandProspect({ name }: Generator, unusableAnswers: number): void {
  if (unusableAnswers < MAX_ATTEMPTS) return;
  throw new AppError(
    "PROVIDER_BAD_ANSWER",
    `${name} has answered ${unusableAnswers} times what nobody can use while the month waited for ` +
      "others; it is asked again when nobody is waited for any more",
    { details: { provider: name } },
  );
}

async function ask(
  context: MonthJobContext,
  { question, request, needed_output_tokens }: {
    question: Question;
    request: GeneratorRequest;
    needed_output_tokens: number;
  },
): Promise<Asked> {
  const { run, generator, onHeard } = question;
  const asked = await callGenerator(context, { run, generator, request, needed_output_tokens });
  onHeard();
  return asked;
}

/** A provider that rejects so many tokens has said nothing new: its answer was and stays unusable. */
async function askForMore(
  context: MonthJobContext,
  { question, max_output_tokens }: { question: Question; max_output_tokens: number },
): Promise<StoredGeneration> {
  try {
    const { stored } = await ask(context, {
      question,
      request: { ...question.request, max_output_tokens },
      needed_output_tokens: max_output_tokens / 2,
    });
    return stored;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== "PROVIDER_REJECTED_REQUEST") throw error;
    throw unusable(question, `it was cut off, and more tokens are rejected: ${error.message}`);
  }
}

type Reading = BookListResult | { readonly kind: "filtered" };

function read(stored: StoredGeneration, { batch_size }: MonthRun): Reading {
  if (stored.finish === "refused") return { kind: "filtered" };
  return parseBookList(stored.answer, { maxBooks: batch_size });
}

/** Records what became of the answer. */
async function conclude(
  context: MonthJobContext,
  { question, stored, reading }: {
    question: Question;
    stored: StoredGeneration;
    reading: Reading;
  },
): Promise<Answer> {
  const { run, generator: { name } } = question;
  switch (reading.kind) {
    case "filtered":
    case "refusal": {
      await judge(context, { question, stored, verdict: "refused" });
      const why = reading.kind === "refusal"
        ? `: ${reading.message}`
        : ` (${stored.finish_detail ?? "refused"})`;
      return { books: [], remark: `${name} declined${why}` };
    }
    case "unusable":
      await judge(context, { question, stored, verdict: "unusable" });
      throw unusable(question, reading.reason);
    case "books": {
      const { invalid, duplicate, over_limit } = reading.dropped;
      const booksDropped = invalid + duplicate + over_limit;
      const booksNamed = reading.books.length;
      await judge(context, { question, stored, verdict: "usable", booksNamed, booksDropped });
      if (booksDropped > 0) run.log.info("books_dropped", { generator: name, ...reading.dropped });
      return {
        books: reading.books.map((book) => ({ ...book, named_by: name })),
        remark: booksNamed === 0 ? `${name} named no book` : null,
      };
    }
  }
}

async function judge(
  context: MonthJobContext,
  { question: { run }, stored: { id }, verdict, booksNamed = 0, booksDropped = 0 }: {
    question: Question;
    stored: StoredGeneration;
    verdict: "usable" | "unusable" | "refused";
    booksNamed?: number;
    booksDropped?: number;
  },
): Promise<void> {
  const judgement = { id, verdict, booksNamed, booksDropped };
  await askDatabase(() => judgeGeneration(context.database.sql, judgement), { context, run });
}

function unusable({ generator: { name } }: Question, reason: string): AppError {
  return new AppError("PROVIDER_BAD_ANSWER", `The answer of ${name} is unusable: ${reason}`, {
    details: { provider: name },
  });
}

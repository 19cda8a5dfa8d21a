import { adoptAnswer } from "../database/experiments/experiments.ts";
import {
  countUnspentUnusable,
  findGeneration,
  judgeGeneration,
  type StoredGeneration,
} from "../database/generation/generations.ts";
import { type BookListResult, parseBookList } from "../domain/answers/parse_book_list.ts";
import type { Generator, GeneratorRequest } from "../domain/generation/generator.ts";
import type { NamedBook } from "../domain/generation/merge_books.ts";
import { largerAnswer, outputTokensAtLeast } from "../domain/money/call_budget.ts";
import { MAX_ATTEMPTS } from "../domain/months/month_state.ts";
import { AppError } from "../errors.ts";
import type { Asking } from "./asking.ts";
import { callGenerator, type CallResult } from "./call_generator.ts";

/** What is asked about one month, and for which claim or experiment. */
export interface GeneratorQuestion {
  readonly month_id: number;
  readonly job_id: string;
  readonly generator: Generator;
  readonly request: GeneratorRequest;
}

/** What came of asking one generator. */
export type GeneratorOutcome =
  & {
    readonly generator: Generator;
    /** It answered itself just now, not out of the memory; also when the answer was unusable. */
    readonly is_fresh: boolean;
  }
  & (
    | {
      readonly kind: "answered";
      readonly books: readonly NamedBook[];
      /** What the month's note should say when it named nothing. */
      readonly remark: string | null;
    }
    /**
     * PROVIDER_BAD_ANSWER when the answer is unusable, or has been so often while the month waited for
     * others; other PROVIDER_* codes when there is none, COST_CAP_REACHED when it cannot be paid for.
     */
    | { readonly kind: "failed"; readonly error: AppError }
  );

/**
 * What a generator says to the question: its remembered answer, or one it is asked for now. An answer
 * that was cut off before its first book is asked for once more, and allowed more tokens. That it gave
 * no answer is a result too.
 *
 * Throws what is none of its faults: what the database throws, an abort, and INTERNAL for a mistake of
 * this program, which must not pass for an answer nobody can use.
 */
export async function askGenerator(
  asking: Asking,
  question: GeneratorQuestion,
): Promise<GeneratorOutcome> {
  const { generator, request } = question;
  const remembered = await recall(asking, question);
  const first = remembered ?? await callGenerator(asking, {
    ...question,
    needed_output_tokens: outputTokensAtLeast(request.max_books),
  });
  if (first.kind === "failed") return { generator, is_fresh: false, ...first };
  const is_fresh = remembered === null;
  const reading = read(first.stored, request);
  const max_output_tokens = largerAnswer(first.max_output_tokens);
  const isCutOff = first.stored.finish === "length" && reading.kind === "unusable";
  if (!isCutOff || max_output_tokens === null) {
    return await conclude(asking, { question, stored: first.stored, reading, is_fresh });
  }
  await judge(asking, { stored: first.stored, verdict: "unusable" });
  asking.log.info("answer_cut_off", { generator: generator.name, max_output_tokens });
  const second = await callGenerator(asking, {
    ...question,
    request: { ...request, max_output_tokens },
    needed_output_tokens: max_output_tokens / 2,
  });
  if (second.kind === "failed") {
    return { generator, is_fresh, kind: "failed", error: asCutOff(generator, second.error) };
  }
  const { stored } = second;
  return await conclude(asking, {
    question,
    stored,
    reading: read(stored, request),
    is_fresh: true,
  });
}

/** The remembered answer; null when it has to be asked for. */
async function recall(
  { database, log }: Asking,
  { month_id, job_id, generator, request }: GeneratorQuestion,
): Promise<CallResult | null> {
  const key = {
    monthId: month_id,
    generator: generator.name,
    model: generator.model,
    promptHash: request.prompt.hash,
  };
  const stored = await database.ask((sql) => findGeneration(sql, key));
  if (stored !== null) {
    log.info("generation_reused", { generator: generator.name });
    await database.ask((sql) => adoptAnswer(sql, { id: stored.id, jobId: job_id }));
    return { kind: "answered", stored, max_output_tokens: request.max_output_tokens };
  }
  // While others keep the month waiting at no cost, no number of bad answers would end the asking.
  const unusable = await database.ask((sql) => countUnspentUnusable(sql, key));
  if (unusable < MAX_ATTEMPTS) return null;
  const sentence =
    `${generator.name} has answered ${unusable} times what nobody can use while the month ` +
    "waited for others; it is asked again when nobody is waited for any more";
  return { kind: "failed", error: badAnswer(generator, sentence) };
}

/** A provider that rejects so many tokens has said nothing new: its answer was and stays unusable. */
function asCutOff(generator: Generator, error: AppError): AppError {
  if (error.code !== "PROVIDER_REJECTED_REQUEST") return error;
  return unusable(generator, `it was cut off, and more tokens are rejected: ${error.message}`);
}

type Reading = BookListResult | { readonly kind: "filtered" };

function read(stored: StoredGeneration, { max_books }: GeneratorRequest): Reading {
  if (stored.finish === "refused") return { kind: "filtered" };
  return parseBookList(stored.answer, { maxBooks: max_books });
}

/** Records what became of the answer. */
async function conclude(
  asking: Asking,
  { question: { generator }, stored, reading, is_fresh }: {
    question: GeneratorQuestion;
    stored: StoredGeneration;
    reading: Reading;
    is_fresh: boolean;
  },
): Promise<GeneratorOutcome> {
  const { name } = generator;
  const answered = { generator, is_fresh, kind: "answered" } as const;
  switch (reading.kind) {
    case "filtered":
    case "refusal": {
      await judge(asking, { stored, verdict: "refused" });
      const why = reading.kind === "refusal"
        ? `: ${reading.message}`
        : ` (${stored.finish_detail ?? "refused"})`;
      return { ...answered, books: [], remark: `${name} declined${why}` };
    }
    case "unusable":
      await judge(asking, { stored, verdict: "unusable" });
      return {
        generator,
        is_fresh,
        kind: "failed",
        error: unusable(generator, reading.reason),
      };
    case "books": {
      const { invalid, duplicate, over_limit } = reading.dropped;
      const booksDropped = invalid + duplicate + over_limit;
      const booksNamed = reading.books.length;
      await judge(asking, { stored, verdict: "usable", booksNamed, booksDropped });
      if (booksDropped > 0) {
        asking.log.info("books_dropped", { generator: name, ...reading.dropped });
      }
      return {
        ...answered,
        books: reading.books.map((book) => ({ ...book, named_by: name })),
        remark: booksNamed === 0 ? `${name} named no book` : null,
      };
    }
  }
}

async function judge(
  { database }: Asking,
  { stored: { id }, verdict, booksNamed = 0, booksDropped = 0 }: {
    stored: StoredGeneration;
    verdict: "usable" | "unusable" | "refused";
    booksNamed?: number;
    booksDropped?: number;
  },
): Promise<void> {
  const judgement = { id, verdict, booksNamed, booksDropped };
  await database.ask((sql) => judgeGeneration(sql, judgement));
}

function unusable(generator: Generator, reason: string): AppError {
  return badAnswer(generator, `The answer of ${generator.name} is unusable: ${reason}`);
}

function badAnswer({ name }: Generator, message: string): AppError {
  return new AppError("PROVIDER_BAD_ANSWER", message, { details: { provider: name } });
}

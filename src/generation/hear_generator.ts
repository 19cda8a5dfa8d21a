import { type GeneratorResult, obstacleOf } from "../domain/generation/decide_generation.ts";
import type { Generator, GeneratorRequest } from "../domain/generation/generator.ts";
import { type AppError, toAppError } from "../errors.ts";
import { type Answer, askGenerator } from "./ask_generator.ts";
import type { MonthJobContext, MonthRun } from "../month_job/month_job_context.ts";

/** What came of asking one generator. */
export interface GeneratorOutcome {
  readonly generator: Generator;
  readonly result: GeneratorResult;
  readonly answer: Answer | null;
  readonly error: AppError | null;
  /** It answered itself just now, not out of the memory; also when the answer was unusable. */
  readonly isHeard: boolean;
}

/**
 * Asks one generator; that it gave no answer is a result too.
 *
 * Throws `AppError` for what is none of its faults: what the database throws, an abort, and INTERNAL for
 * a mistake of this program, which must not pass for an answer nobody can use.
 */
export async function hearGenerator(
  context: MonthJobContext,
  { run, generator, request }: { run: MonthRun; generator: Generator; request: GeneratorRequest },
): Promise<GeneratorOutcome> {
  let isHeard = false;
  const onHeard = (): void => void (isHeard = true);
  try {
    const answer = await askGenerator(context, { run, generator, request, onHeard });
    const result = { kind: "answered", has_books: answer.books.length > 0 } as const;
    return { generator, result, answer, error: null, isHeard };
  } catch (thrown) {
    const error = toAppError(thrown);
    const result = resultOf(error);
    if (result === null) throw error;
    return { generator, result, answer: null, error, isHeard };
  }
}

/** What the error says of the generator; null when it says nothing of it. */
function resultOf(error: AppError): GeneratorResult | null {
  if (error.code === "COST_CAP_REACHED") return { kind: "capped" };
  const obstacle = obstacleOf(error.code);
  return obstacle === null ? null : { kind: "failed", obstacle, ends_at: error.retryAt ?? null };
}

import type { ErrorCode } from "../../errors.ts";

/**
 * What keeps a generator from naming books: `passing` ends by itself, `lasting` ends when somebody
 * does something, `unusable` is an answer nobody can use, which asking again may cure.
 */
export type Obstacle = "passing" | "lasting" | "unusable";

export type GeneratorResult =
  /** A list, or without books an honest empty one or a refusal. */
  | { readonly kind: "answered"; readonly has_books: boolean }
  /** Not asked, because the call could have broken a cost cap. */
  | { readonly kind: "capped" }
  | { readonly kind: "failed"; readonly obstacle: Obstacle; readonly ends_at: Date | null };

export interface GeneratorReport {
  readonly role: "model" | "catalogue";
  readonly result: GeneratorResult;
}

export type GenerationDecision =
  | { readonly kind: "go_on" }
  /** Another attempt, which is spent. */
  | { readonly kind: "ask_again" }
  /** No attempt is spent. */
  | {
    readonly kind: "wait";
    readonly reason:
      | "no_generator"
      | "cost_cap"
      | "generators_down"
      | "generators_refused"
      /** Those that answered named no book, and a model is away. */
      | "no_books_yet";
    /** When the first obstacle ends; null when there is none that ends by itself. */
    readonly until: Date | null;
  };

/** Obstacles by the code of the error that told of them. */
const OBSTACLES: Readonly<Partial<Record<ErrorCode, Obstacle>>> = {
  PROVIDER_UNAVAILABLE: "passing",
  PROVIDER_TIMEOUT: "passing",
  PROVIDER_RATE_LIMITED: "passing",
  PROVIDER_QUOTA_SPENT: "passing",
  PROVIDER_KEY_REFUSED: "lasting",
  PROVIDER_OUT_OF_CREDIT: "lasting",
  PROVIDER_REJECTED_REQUEST: "lasting",
  PROVIDER_BAD_ANSWER: "unusable",
};

/** The obstacle behind an error; null when the error is none of the generator's. */
export function obstacleOf(code: ErrorCode): Obstacle | null {
  return OBSTACLES[code] ?? null;
}

/**
 * What becomes of a month, given what each generator did. Models decide: one that answered is enough,
 * and while one of them is only away the month waits for it rather than be content with the
 * catalogue, or with nothing at all. A catalogue decides where there is no model, or none that will
 * answer by itself; it is not waited for when every model has declined, since one question too hard
 * for it would then be waited for without end.
 *
 * `askAgainAt` is when an obstacle that does not say when it ends is worth another look.
 */
export function decideGeneration(
  reports: readonly GeneratorReport[],
  { isLastAttempt, askAgainAt }: { isLastAttempt: boolean; askAgainAt: Date },
): GenerationDecision {
  const models = reports.filter(({ role }) => role === "model");
  const catalogues = reports.filter(({ role }) => role === "catalogue");
  if (reports.length === 0) return { kind: "wait", reason: "no_generator", until: null };
  if (reports.some(({ result }) => result.kind === "capped")) {
    return { kind: "wait", reason: "cost_cap", until: null };
  }
  if (models.some(isAnswered)) {
    const absent = withObstacle(models, "passing");
    const isEnough = reports.some(hasBooks) || absent.length === 0;
    if (isEnough) return { kind: "go_on" };
    return { kind: "wait", reason: "no_books_yet", until: firstEnd(absent, askAgainAt) };
  }

  const passing = withObstacle(models, "passing");
  if (passing.length > 0) return waitForFirst(passing, askAgainAt);
  if (withObstacle(models, "unusable").length > 0) {
    return isLastAttempt && catalogues.some(isAnswered) ? { kind: "go_on" } : { kind: "ask_again" };
  }
  if (catalogues.some(isAnswered)) return { kind: "go_on" };

  const away = withObstacle(catalogues, "passing");
  if (away.length > 0) return waitForFirst(away, askAgainAt);
  if (withObstacle(catalogues, "unusable").length > 0) return { kind: "ask_again" };
  const ends = withObstacle(reports, "lasting").flatMap(({ ends_at }) => ends_at ?? []);
  return { kind: "wait", reason: "generators_refused", until: earliest(ends) };
}

type Failure = Extract<GeneratorResult, { kind: "failed" }>;

function withObstacle(reports: readonly GeneratorReport[], obstacle: Obstacle): Failure[] {
  return reports.flatMap(({ result }) =>
    result.kind === "failed" && result.obstacle === obstacle ? [result] : []
  );
}

function isAnswered({ result }: GeneratorReport): boolean {
  return result.kind === "answered";
}

function hasBooks({ result }: GeneratorReport): boolean {
  return result.kind === "answered" && result.has_books;
}

function waitForFirst(failures: readonly Failure[], askAgainAt: Date): GenerationDecision {
  return { kind: "wait", reason: "generators_down", until: firstEnd(failures, askAgainAt) };
}

function firstEnd(failures: readonly Failure[], askAgainAt: Date): Date | null {
  return earliest(failures.map(({ ends_at }) => ends_at ?? askAgainAt));
}

function earliest(moments: readonly Date[]): Date | null {
  if (moments.length === 0) return null;
  return new Date(Math.min(...moments.map((moment) => moment.getTime())));
}

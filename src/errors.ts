/**
 * The closed list of what can go wrong. The class says what the month does about it:
 * `fatal` is not retried, `transient` is retried with backoff, `quota` snoozes without spending an
 * attempt, `bad_answer` asks again without memory, `claim_lost` stops and writes nothing more.
 */
export type ErrorClass = "fatal" | "transient" | "quota" | "bad_answer" | "claim_lost";

interface ErrorKind {
  readonly class: ErrorClass;
  /** The HTTP status our own API answers with when this reaches a caller. */
  readonly http: 400 | 401 | 404 | 409 | 500 | 503;
}

export const ERROR_KINDS = {
  BAD_REQUEST: { class: "fatal", http: 400 },
  UNAUTHORIZED: { class: "fatal", http: 401 },
  NOT_FOUND: { class: "fatal", http: 404 },
  CONFIG_INVALID: { class: "fatal", http: 500 },
  DATABASE_UNREACHABLE: { class: "quota", http: 503 },
  DATABASE_REFUSED: { class: "quota", http: 503 },
  DATABASE_FULL: { class: "quota", http: 503 },
  DATABASE_READ_ONLY: { class: "quota", http: 503 },
  DATABASE_NEWER: { class: "fatal", http: 500 },
  DATABASE_DAMAGED: { class: "fatal", http: 500 },
  DATA_DIR_IN_USE: { class: "fatal", http: 500 },
  QUEUE_UNREACHABLE: { class: "transient", http: 503 },
  PORT_IN_USE: { class: "fatal", http: 500 },
  CATALOGUE_UNREADABLE: { class: "fatal", http: 500 },
  CLAIM_LOST: { class: "claim_lost", http: 409 },
  TIME_LIMIT: { class: "transient", http: 500 },
  SHUTTING_DOWN: { class: "quota", http: 503 },
  PROVIDER_UNAVAILABLE: { class: "transient", http: 503 },
  PROVIDER_TIMEOUT: { class: "transient", http: 503 },
  PROVIDER_RATE_LIMITED: { class: "quota", http: 503 },
  PROVIDER_QUOTA_SPENT: { class: "quota", http: 503 },
  PROVIDER_KEY_REFUSED: { class: "quota", http: 503 },
  PROVIDER_OUT_OF_CREDIT: { class: "quota", http: 503 },
  PROVIDER_REJECTED_REQUEST: { class: "quota", http: 500 },
  PROVIDER_BAD_ANSWER: { class: "bad_answer", http: 503 },
  NO_GENERATOR: { class: "quota", http: 503 },
  COST_CAP_REACHED: { class: "quota", http: 503 },
  EVERY_GENERATOR_DOWN: { class: "quota", http: 503 },
  EVERY_RESOLVER_DOWN: { class: "quota", http: 503 },
  INTERNAL: { class: "transient", http: 500 },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** When the obstacle is expected to end, if the source of the error said so. */
  readonly retryAt?: Date;
  /** Facts for the log line: short values, never secrets, never whole bodies. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error type this service throws on purpose; `code` is for machines, `message` for people. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryAt: Date | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAt = options.retryAt;
    this.details = options.details ?? {};
  }

  get class(): ErrorClass {
    return ERROR_KINDS[this.code].class;
  }
}

/** Thrown when a guarded write finds that the claim now belongs to somebody else, or to nobody. */
export class ClaimLostError extends AppError {
  constructor(jobId: string) {
    super("CLAIM_LOST", `The claim ${jobId} was lost: the month was changed or taken by another`, {
      details: { job_id: jobId },
    });
  }
}

/** Errors of the database and of the way to it, however they are wrapped or passed on. */
const databaseErrors = new WeakSet<Error>();

/**
 * Remembers that the error came from the database. To be called where statements and transactions
 * reject, and nowhere else: by its code alone a reset connection could be anybody's.
 */
export function markDatabaseError(error: unknown): void {
  if (error instanceof Error) databaseErrors.add(error);
}

/** The error of the database that this is, or that caused it; null when the database has no part in it. */
export function databaseErrorIn(error: unknown): Error | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (databaseErrors.has(cause) || isOf(cause, "DATABASE_")) return cause;
  }
  return null;
}

function isOf(error: Error, codes: string): error is AppError {
  return error instanceof AppError && error.code.startsWith(codes);
}

/** Whether it says that a provider could not answer, or answered badly. */
export function isProviderError(error: unknown): error is AppError {
  return error instanceof Error && isOf(error, "PROVIDER_");
}

/** What an error of the database or of the way to it means, by its SQLSTATE or socket code. */
interface DatabaseTrouble {
  readonly codes: RegExp;
  readonly code: ErrorCode;
  /** What is wrong and what to do, in words that strangers may read: no host, no user, no statement. */
  readonly message: string;
}

function unable(codes: RegExp, why: string): DatabaseTrouble {
  const message = `The database cannot work at present: ${why}`;
  return { codes, code: "DATABASE_UNREACHABLE", message };
}

function refused(codes: RegExp, message: string): DatabaseTrouble {
  return { codes, code: "DATABASE_REFUSED", message };
}

/** The first that fits counts. The codes are those of Postgres's appendix A. */
const DATABASE_TROUBLES: readonly DatabaseTrouble[] = [
  {
    codes: /^53100$/,
    code: "DATABASE_FULL",
    message: "The database has no room left on its disk: make room there, and the work goes on",
  },
  {
    codes: /^25006$/,
    code: "DATABASE_READ_ONLY",
    message: "The database is read-only: use the primary, or lift the restriction",
  },
  refused(
    /^28/,
    "The database refuses the service's login: correct DATABASE_URL, or what the server allows",
  ),
  refused(/^3D000$/, "The database that DATABASE_URL names does not exist"),
  refused(/^55000$/, "The database is not open to connections: allow them again"),
  refused(
    /^42501$/,
    "The database does not permit what the service does: give its user all rights on its tables",
  ),
  refused(
    /^(42P01|3F000)$/,
    "The database lacks tables of the service: run deno task migrate, or correct DATABASE_URL",
  ),
  unable(/^53300$/, "it has no connection free"),
  unable(/^53/, "it lacks memory or another resource"),
  unable(/^(57014|25P03|25P04)$/, "a statement or transaction took too long"),
  unable(/^57/, "it is starting, stopping or was interrupted"),
  unable(/^(40|55P03$)/, "two transactions were in each other's way"),
  unable(/^25/, "a transaction was ended before its time"),
  unable(/^(26000|42P05)$/, "a pooler mixes up the prepared statements of its sessions"),
  unable(/^(58|XX)/, "it cannot read or write its files, or has failed inside"),
  unable(/^08/, "there is no connection to it"),
];

/** No system's error code begins like these do, and EPIPE would pass for one. */
const SQLSTATE = /^(?!E[A-Z]{4}$)[0-9A-Z]{5}$/;

/** Codes of postgres.js 3.4.9 for statements that are put together wrongly. */
const MISUSES =
  /^(UNDEFINED_VALUE|MAX_PARAMETERS_EXCEEDED|MESSAGE_NOT_SUPPORTED|NOT_TAGGED_CALL|UNSAFE_TRANSACTION)$/;

const NO_CONNECTION = unable(/^/, "there is no connection to it");

/** Null when the statement is to blame, and not the state of the database. */
function troubleOf(error: Error): DatabaseTrouble | null {
  const code = "code" in error ? String(error.code) : "";
  if (SQLSTATE.test(code)) return DATABASE_TROUBLES.find(({ codes }) => codes.test(code)) ?? null;
  if (MISUSES.test(code)) return null;
  const isSlip = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  // Sockets, name servers, TLS and the embedded engine have codes of their own, or none.
  return isSlip && code === "" ? null : NO_CONNECTION;
}

/**
 * Wraps anything thrown as an {@linkcode AppError}, keeping the original as its cause. What came from
 * the database is told as the database's, also when somebody took it for a provider's answer: that it is
 * away, refuses, is full or read-only by its SQLSTATE or socket code, and as INTERNAL when it is the
 * statement that is wrong.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError && !isProviderError(error)) return error;
  const found = databaseErrorIn(error);
  if (found instanceof AppError) return found;
  const trouble = found === null ? null : troubleOf(found);
  if (trouble) return new AppError(trouble.code, trouble.message, { cause: found });
  if (found === null && error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("INTERNAL", message, { cause: error });
}

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

/** The first that fits counts. The codes are those of Postgres's appendix A, `E…` the system's. */
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
  unable(/^57014$/, "a statement took too long"),
  unable(/^57P/, "it is starting, stopping or was interrupted"),
  unable(/^40(001|P01)$/, "two transactions were in each other's way"),
  unable(/^58/, "it cannot read or write its files"),
  unable(/^(08|CONNECT_|CONNECTION_|E[A-Z]+$)/, "there is no connection to it"),
];

/**
 * Wraps anything thrown as an {@linkcode AppError}, keeping the original as its cause. Recognises a
 * database that is away, refuses, is full or read-only by its SQLSTATE or socket code.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const trouble = DATABASE_TROUBLES.find(({ codes }) => codes.test(code));
  if (trouble) return new AppError(trouble.code, trouble.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("INTERNAL", message, { cause: error });
}

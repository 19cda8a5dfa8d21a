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

// SQLSTATEs of a database that is away or unable, which is no month's fault.
const UNABLE = new Set([
  "40001", // lost to another transaction
  "40P01", // deadlock
  "53100", // disk full
  "53200", // out of memory
  "53300", // too many connections
  "57014", // statement timeout
  "57P01", // terminated by an administrator
  "57P02", // crash of another session
  "57P03", // starting up or shutting down
]);
/** Codes of the system's sockets and of the client's own words for a connection that is gone. */
const CONNECTION_TROUBLE = /^(CONNECT_|CONNECTION_|E[A-Z]+$)/;
const READ_ONLY_TRANSACTION = "25006";

/**
 * Wraps anything thrown as an {@linkcode AppError}, keeping the original as its cause. Recognises a
 * database that is away, unable or read-only by its SQLSTATE or socket code.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (UNABLE.has(code) || CONNECTION_TROUBLE.test(code)) {
    return new AppError("DATABASE_UNREACHABLE", `The database cannot work at present: ${message}`, {
      cause: error,
    });
  }
  if (code === READ_ONLY_TRANSACTION) {
    return new AppError(
      "DATABASE_READ_ONLY",
      `The database is read-only: ${message}. Use the primary, or lift the restriction`,
      {
        cause: error,
      },
    );
  }
  return new AppError("INTERNAL", message, { cause: error });
}

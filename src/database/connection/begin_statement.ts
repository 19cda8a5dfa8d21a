/** What every transaction is told as it begins. */
export interface TransactionTerms {
  /** After which the server itself ends a statement, in ms. */
  readonly statementLimitMs: number;
  /** After which it ends a transaction whose client says nothing more, in ms. */
  readonly idleLimitMs: number;
  /** Whether it may write; on a standby none may even ask to. */
  readonly isWriting: boolean;
  /** Settings of Postgres by their names, such as `search_path`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the answer is to say who carries it out, as a `Backend`. */
  readonly isBackendAsked: boolean;
}

/** A process of the server, at the beginning of a transaction. */
export interface Backend {
  readonly pid: number;
  /** When the transaction began, to the microsecond. */
  readonly at: string;
}

/**
 * The SQL that begins a transaction. It says everything that a statement may depend on and that a
 * server, a role or a database may have set otherwise, and nothing outlasts the transaction: a pooler
 * hands each one to another session, which belongs to others too.
 *
 * The idle limit ends what a connection that fell silent would leave behind: its locks.
 */
export function beginStatement(
  { statementLimitMs, idleLimitMs, isWriting, settings, isBackendAsked }: TransactionTerms,
): string {
  const asked = isBackendAsked ? ["pg_backend_pid() AS pid", "now()::text AS at"] : [];
  const others = Object.entries(settings).map(([name, value]) =>
    // Unlike SET, this takes a list such as a search path as one text.
    `set_config(${literal(name)}, ${literal(value)}, true)`
  );
  return [
    `BEGIN ISOLATION LEVEL READ COMMITTED${isWriting ? ", READ WRITE" : ""}`,
    `SET LOCAL statement_timeout TO ${Math.ceil(statementLimitMs)}`,
    `SET LOCAL idle_in_transaction_session_timeout TO ${Math.ceil(idleLimitMs)}`,
    "SET LOCAL TimeZone TO 'UTC'",
    "SET LOCAL DateStyle TO 'ISO'",
    ...(asked.length + others.length === 0 ? [] : [`SELECT ${[...asked, ...others].join(", ")}`]),
  ].join("; ");
}

/**
 * The SQL that ends what a connection that fell silent has left behind: the server waits for the rest
 * of a command without a limit, and what was locked stays so. Where the process is the connection's own
 * it is known by having been there then; behind a pooler only as long as it is in that transaction.
 */
export function terminateStatement({ pid, at }: Backend, { isOwn }: { isOwn: boolean }): string {
  const condition = isOwn ? "backend_start <=" : "xact_start =";
  return `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid = ${pid} AND ${condition} ${literal(at)}::timestamptz`;
}

/** Means the same whatever `standard_conforming_strings` says. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

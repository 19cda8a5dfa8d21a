import type postgres from "postgres";
import { AppError, markDatabaseError } from "../../errors.ts";
import type { ConnectionPool } from "./connection_pool.ts";
import type { SingleConnection, Statement } from "./single_connection.ts";

/** How statements and transactions are carried out. */
export interface GuardOptions {
  /** Begins a transaction. */
  readonly begin: (connection: SingleConnection) => Promise<void>;
  /**
   * A single statement is a transaction of its own, sent as a whole or one message after the other's
   * answer, or left to the session, which must then be nobody else's.
   */
  readonly singles: () => "as a whole" | "in turn" | "left to the session";
  /** A transaction that is still open after this time, in ms, is cut. */
  readonly transactionLimitMs?: number;
  /** Hears of every error of a statement or a connection before anybody else does. */
  readonly onError?: (error: unknown) => void;
}

/**
 * A client that gives each statement and each transaction a connection of `pool` to itself, and marks
 * its errors as the database's. `template` only makes the statements, and connects to nothing.
 *
 * The transactions are not the client's own, which send what a body does after its connection was lost
 * on the next one, outside any transaction: here such a statement is refused. As there, one in which a
 * statement failed is rolled back, whatever its body makes of that.
 *
 * A connection that is lost before it has begun anything is replaced, once; when the server has none
 * left, one of those there are is waited for.
 */
export function guardClient(
  template: postgres.Sql,
  pool: ConnectionPool,
  { begin, singles, transactionLimitMs, onError = () => {} }: GuardOptions,
): postgres.Sql {
  async function onConnection<T>(user: (connection: SingleConnection) => Promise<T>): Promise<T> {
    let isLast = false;
    while (true) {
      try {
        return await pool.use(user);
      } catch (error) {
        const reason = error instanceof LostBeforeBegin ? error.cause : error;
        if (reason !== error) markDatabaseError(reason);
        onError(reason);
        if (codeOf(reason) === TOO_MANY_CONNECTIONS && pool.makeDo()) continue;
        if (reason === error) throw reason;
        if (isLast) throw reason;
        isLast = true;
      }
    }
  }

  async function beginOn(connection: SingleConnection): Promise<void> {
    try {
      await begin(connection);
    } catch (error) {
      if (connection.isLost) throw new LostBeforeBegin(error);
      connection.destroy(); // a session that cannot begin is not in order
      throw beginError(error);
    }
  }

  /** The answer to a statement that is a transaction of its own. */
  async function answerAlone(
    connection: SingleConnection,
    statement: Statement,
  ): Promise<unknown> {
    const isWhole = singles() === "as a whole" && connection.isLively;
    const begun = beginOn(connection);
    if (!isWhole) await begun;
    const answered = connection.send(statement);
    if (!isWhole) await Promise.allSettled([answered]);
    const committed = commitOn(connection);
    const results = await Promise.allSettled([begun, answered, committed]);
    const failed = results.find(({ status }) => status === "rejected");
    if (failed?.status !== "rejected") return await answered;
    // Sent as a whole it may have been carried out, so that nobody must send it again.
    throw failed.reason instanceof LostBeforeBegin && isWhole ? failed.reason.cause : failed.reason;
  }

  const single = (statement: Statement): void => {
    const { resolve, reject } = statement;
    onConnection((connection) =>
      singles() === "left to the session"
        ? connection.send(statement)
        : answerAlone(connection, statement)
    ).then(resolve, marking(reject));
  };

  async function transact(
    connection: SingleConnection,
    body: (tx: unknown) => unknown,
  ): Promise<unknown> {
    await beginOn(connection).catch(marking(raise));
    const failures: unknown[] = [];
    let isOver = false;
    const tx = withStatements(template, (statement) => {
      const { resolve, reject } = statement;
      if (isOver) {
        return reject(
          new AppError("DATABASE_UNREACHABLE", "The transaction ended with its connection"),
        );
      }
      connection.send(statement).then(
        resolve,
        marking((error) => {
          failures.push(error);
          reject(error);
        }),
      );
    });
    const timer = transactionLimitMs === undefined
      ? undefined
      : setTimeout(() => connection.destroy(), transactionLimitMs);
    try {
      const made = (async () => await body(tx))();
      const result = await Promise.race([made, connection.lost.catch(marking(raise))]);
      const all = Array.isArray(result) ? await Promise.all(result) : result;
      if (failures.length > 0) throw failures[0];
      isOver = true;
      await commitOn(connection).catch(marking(raise));
      return all;
    } catch (error) {
      isOver = true;
      if (!connection.isLost) await rollBackOn(connection);
      throw codeOf(error) === IN_FAILED_TRANSACTION ? failures[0] ?? error : error;
    } finally {
      clearTimeout(timer);
    }
  }

  const replaced = {
    begin: (body: (tx: unknown) => unknown) =>
      onConnection((connection) => transact(connection, body)),
    end: ({ timeout = 0 }: { timeout?: number } = {}) => pool.end(timeout * 1000),
  };
  return withStatements(template, single, replaced);
}

/** Has the error marked as the database's before `next` gets it. */
function marking<T>(next: (error: unknown) => T): (error: unknown) => T {
  return (error) => {
    markDatabaseError(error);
    return next(error);
  };
}

function raise(error: unknown): never {
  throw error;
}

/** The SQLSTATE of a server, or a role, that may have no more connections. */
const TOO_MANY_CONNECTIONS = "53300";

/** SQLSTATEs of what follows an error in a transaction, and of a standby that is to begin writing. */
const IN_FAILED_TRANSACTION = "25P02";
const NOT_SUPPORTED = "0A000";

/** A connection was lost while nothing had been sent on it but the beginning of a transaction. */
class LostBeforeBegin extends Error {
  constructor(cause: unknown) {
    super("The connection was lost before a transaction began", { cause });
  }
}

/** A standby does not say read-only but not supported. */
function beginError(error: unknown): unknown {
  if (codeOf(error) !== NOT_SUPPORTED) return error;
  const message = "The database is read-only: use the primary, or lift the restriction";
  return new AppError("DATABASE_READ_ONLY", message, { cause: error });
}

async function commitOn(connection: SingleConnection): Promise<void> {
  const { command } = await connection.execute("COMMIT");
  // What a failed transaction answers, without calling it an error.
  if (command === "ROLLBACK") throw new AppError("INTERNAL", "The transaction was rolled back");
}

async function rollBackOn(connection: SingleConnection): Promise<void> {
  try {
    await connection.execute("ROLLBACK");
  } catch (error) {
    // The error that ended the transaction says more; the server rolls back what is cut.
    connection.destroy(error instanceof Error ? error : undefined);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The client with `govern` carrying out each of its statements. */
function withStatements<Client extends postgres.ISql>(
  client: Client,
  govern: (statement: Statement) => void,
  replaced: Readonly<Record<string, unknown>> = {},
): Client {
  const governed = (made: unknown): unknown => {
    if (isStatement(made)) made.handler = govern;
    return made;
  };
  const unsafe = (...args: unknown[]): unknown =>
    governed((client.unsafe as (...args: unknown[]) => unknown)(...args));
  const own: Readonly<Record<PropertyKey, unknown>> = { unsafe, ...replaced };
  return new Proxy(client, {
    apply: (target, self, args) =>
      governed(Reflect.apply(target as (...args: unknown[]) => unknown, self, args)),
    get: (target, name) => own[name] ?? Reflect.get(target, name),
  });
}

/** Statements, but not the names and lists of values the client makes of other arguments. */
function isStatement(made: unknown): made is Statement {
  return made instanceof Promise && "handler" in made;
}

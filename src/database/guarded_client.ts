import PQueue from "p-queue";
import type postgres from "postgres";
import { AppError, markDatabaseError } from "../errors.ts";

/** What this file needs of the client's statements beyond their types; held by a test. */
interface Statement extends PromiseLike<unknown> {
  /** Sends the statement. The client calls it once, when somebody first waits for the result. */
  handler(statement: Statement): void;
  reject(error: unknown): void;
}

/**
 * The client with its two dangers taken out, and its errors marked as the database's.
 *
 * It sends statements behind one another on a connection, and one that begins a transaction behind a
 * hundred others never learns which connection it got: the body then throws where nobody can catch it,
 * which ends the process, and leaves an open transaction for the statements of others. Here at most
 * `maxAtOnce` statements and transactions are under way, as many as the pool has connections, so each
 * has one to itself and the rest wait for their turn, first come, first served.
 *
 * It rejects a transaction that loses its connection but lets the body go on, and what the body still
 * sends would run on the next connection, outside any transaction. Here such a statement is refused.
 *
 * With `limitMs`, a transaction that is still open after that time is ended by calling `cut`.
 */
export function guardClient(
  sql: postgres.Sql,
  { maxAtOnce, ...limit }:
    & { maxAtOnce: number }
    & ({ limitMs: number; cut: () => void } | { limitMs: null; cut?: never }),
): postgres.Sql {
  const turns = new PQueue({ concurrency: maxAtOnce });
  const begin = sql.begin as (...args: unknown[]) => Promise<unknown>;

  const inTurn = (statement: Statement, send: () => void): void => {
    void turns.add(async () => {
      send();
      await statement.then(() => {}, () => {}); // whoever asked hears of it
    });
  };

  async function transact(...args: unknown[]): Promise<unknown> {
    const body = args.at(-1) as (tx: unknown) => unknown;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ownError: unknown;
    const whileOpen = (statement: Statement, send: () => void): void => {
      if (!isOver) send();
      else {
        statement.reject(
          new AppError("DATABASE_UNREACHABLE", "The transaction ended with its connection"),
        );
      }
    };
    try {
      return await begin.call(sql, ...args.slice(0, -1), (tx: postgres.TransactionSql) => {
        if (limit.limitMs !== null) timer = setTimeout(limit.cut, limit.limitMs);
        const result = Promise.try(body, withStatements(tx, whileOpen));
        result.catch((error) => ownError = error);
        return result;
      });
    } catch (error) {
      // Whatever the body did not throw comes from beginning, ending or losing the transaction.
      if (error !== ownError) markDatabaseError(error);
      throw error;
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  }

  const begins = (...args: unknown[]): Promise<unknown> => turns.add(() => transact(...args));
  return withStatements(sql, inTurn, { begin: begins });
}

/** The client with `govern` deciding when each of its statements is sent. */
function withStatements<Client extends postgres.ISql>(
  client: Client,
  govern: (statement: Statement, send: () => void) => void,
  replaced: Readonly<Record<string, unknown>> = {},
): Client {
  const governed = (made: unknown): unknown => {
    if (!isStatement(made)) return made;
    const { handler, reject } = made;
    made.reject = (error) => {
      markDatabaseError(error);
      reject(error);
    };
    made.handler = (statement) =>
      govern(statement, () => {
        try {
          handler(statement);
        } catch (error) {
          statement.reject(error); // nobody else would catch it: the client does not wait here
        }
      });
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

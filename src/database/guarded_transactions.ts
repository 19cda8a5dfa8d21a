import type postgres from "postgres";
import { AppError } from "../errors.ts";

/**
 * Makes `sql.begin` safe to lose a connection in. The client rejects the transaction then, but would
 * let its body go on, and what the body still sends would run on the next connection, outside any
 * transaction. Here such a statement throws instead.
 *
 * With `limitMs`, a transaction that is still open after that time is ended by calling `cut`.
 */
export function guardTransactions(
  sql: postgres.Sql,
  { limitMs, cut }: { limitMs: number; cut: () => void } | { limitMs: null; cut?: never },
): void {
  const begin = sql.begin as (...args: unknown[]) => Promise<unknown>;

  async function guarded(...args: unknown[]): Promise<unknown> {
    const body = args.at(-1) as (tx: unknown) => unknown;
    const state = { isOver: false };
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await begin.call(sql, ...args.slice(0, -1), (tx: postgres.TransactionSql) => {
        if (limitMs !== null) timer = setTimeout(cut, limitMs);
        return body(guardedBy(state, tx));
      });
    } finally {
      state.isOver = true;
      clearTimeout(timer);
    }
  }

  Object.assign(sql, { begin: guarded });
}

function guardedBy(
  state: { readonly isOver: boolean },
  tx: postgres.TransactionSql,
): postgres.TransactionSql {
  return new Proxy(tx, {
    apply(target, self, args): unknown {
      if (state.isOver) {
        throw new AppError("DATABASE_UNREACHABLE", "The transaction ended with its connection");
      }
      return Reflect.apply(target as (...args: unknown[]) => unknown, self, args);
    },
  });
}

import { PGlite } from "@electric-sql/pglite";
import type { StatementFaults } from "./statement_faults.ts";
import {
  concat,
  CONNECT,
  ExchangeReader,
  failingQuery,
  messagesOf,
  ROLLBACK,
  typeOf,
} from "./wire_messages.ts";

/**
 * Puts the faults between the client and the embedded engines of this process until it is disposed of:
 * where a connection to a server has its wire, the engine takes messages and gives its answers.
 */
export function disturbEngines(faults: StatementFaults): Disposable {
  const { execProtocolRawStream: pass } = PGlite.prototype;
  const readers = new WeakMap<PGlite, ExchangeReader>();

  async function ask(engine: PGlite, query: Uint8Array): Promise<Uint8Array[]> {
    const pieces: Uint8Array[] = [];
    const onRawData = (bytes: Uint8Array): void => void pieces.push(bytes.slice());
    await pass.call(engine, query, { onRawData });
    return messagesOf(concat(pieces));
  }

  PGlite.prototype.execProtocolRawStream = async function (messages, options): Promise<void> {
    const isStartUp = messages[0] === 0;
    const reader = isStartUp ? new ExchangeReader() : readers.get(this) ?? new ExchangeReader();
    readers.set(this, reader);
    for (const { bytes, statements } of reader.read(messages)) {
      const trouble = statements.includes(CONNECT) ? null : faults.meet(statements);
      if (trouble?.kind === "outage") throw new Error("The engine is in this process");
      if (trouble?.kind === "error") {
        const answer = await ask(this, failingQuery(trouble.sqlstate));
        const end = statements.includes("commit") ? await ask(this, ROLLBACK) : answer;
        options?.onRawData?.(concat([
          ...answer.filter((message) => typeOf(message) !== "Z"),
          ...end.filter((message) => typeOf(message) === "Z"),
        ]));
        if (trouble.isFatal) throw lost("close");
      } else if (trouble?.kind === "cut") {
        if (trouble.when === "after") await pass.call(this, bytes, { ...options, onRawData() {} });
        throw lost(trouble.how);
      } else await pass.call(this, bytes, options);
    }
  };
  return {
    [Symbol.dispose]: () => void (PGlite.prototype.execProtocolRawStream = pass),
  };
}

function lost(how: "reset" | "close"): Error {
  const code = how === "reset" ? "ECONNRESET" : "EPIPE";
  return Object.assign(new Error(`as the test wants it: ${code}`), { code });
}

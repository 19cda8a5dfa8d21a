import { EngineThread } from "../../../src/database/embedded/engine_thread.ts";
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
  const { exchange: pass } = EngineThread.prototype;
  const readers = new WeakMap<EngineThread, ExchangeReader>();

  async function answer(engine: EngineThread, messages: Uint8Array): Promise<Uint8Array[]> {
    const isStartUp = messages[0] === 0;
    const reader = isStartUp ? new ExchangeReader() : readers.get(engine) ?? new ExchangeReader();
    readers.set(engine, reader);
    const answers: Uint8Array[] = [];
    for (const { bytes, statements } of reader.read(messages)) {
      const trouble = statements.includes(CONNECT) ? null : faults.meet(statements);
      if (trouble?.kind === "outage") throw new Error("The engine is in this process");
      if (trouble?.kind === "error") {
        const refusal = messagesOf(await pass.call(engine, failingQuery(trouble.sqlstate)));
        const end = statements.includes("commit")
          ? messagesOf(await pass.call(engine, ROLLBACK))
          : refusal;
        answers.push(
          ...refusal.filter((message) => typeOf(message) !== "Z"),
          ...end.filter((message) => typeOf(message) === "Z"),
        );
        if (trouble.isFatal) throw lost("close");
      } else if (trouble?.kind === "cut") {
        if (trouble.when === "after") await pass.call(engine, bytes);
        throw lost(trouble.how);
      } else answers.push(await pass.call(engine, bytes));
    }
    return answers;
  }

  EngineThread.prototype.exchange = async function (messages): Promise<Uint8Array<ArrayBuffer>> {
    return concat(await answer(this, messages));
  };
  return {
    [Symbol.dispose]: () => void (EngineThread.prototype.exchange = pass),
  };
}

function lost(how: "reset" | "close"): Error {
  const code = how === "reset" ? "ECONNRESET" : "EPIPE";
  return Object.assign(new Error(`as the test wants it: ${code}`), { code });
}

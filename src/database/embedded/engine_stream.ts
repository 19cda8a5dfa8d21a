import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import type { EngineThread } from "./engine_thread.ts";
import { sessionEnd } from "../connection/session_end.ts";

/** A Sync message, after which the engine listens again whatever went wrong, and the query ROLLBACK. */
const ROLLBACK = new Uint8Array([
  ...[0x53, 0, 0, 0, 4],
  ...[0x51, 0, 0, 0, 13, ...new TextEncoder().encode("ROLLBACK\0")],
]);

/**
 * A connection to the engine that never leaves this process, so that nobody else on the machine can
 * make one. Expects whole messages of Postgres's protocol in every write, as postgres.js sends them.
 * Ending or destroying it rolls back what is open.
 *
 * The engine has one session: there must be one stream at a time. An engine that gives up, as Postgres
 * does when it can't write its log of changes, would never return from what it is asked next, not even
 * from closing: it is ended at once, and the stream fails with what the engine said.
 */
export function openEngineStream(engine: EngineThread): Duplex {
  async function answer(messages: Uint8Array): Promise<Buffer> {
    try {
      const reply = Buffer.from((await engine.exchange(messages)).buffer);
      const reason = sessionEnd(reply);
      if (reason !== null) throw reason;
      return reply;
    } catch (error) {
      engine.terminate();
      throw error;
    }
  }

  return new Duplex({
    read() {},
    write(messages, _encoding, done) {
      answer(messages).then((reply) => {
        this.push(reply);
        done();
      }, done);
    },
    final(done) {
      this.push(null);
      done();
    },
    destroy(error, done) {
      if (engine.isEnded) return done(error);
      answer(ROLLBACK).then(() => done(error), done);
    },
  });
}

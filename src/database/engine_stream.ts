import type { PGlite } from "@electric-sql/pglite";
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";

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
 * The engine has one session: there must be one stream at a time.
 */
export function openEngineStream(engine: PGlite): Duplex {
  const stream = new Duplex({
    read() {},
    write(messages, _encoding, done) {
      // In a turn of its own: the engine answers before it returns, and other work must come between.
      setImmediate(async () => {
        try {
          const reply = stream.destroyed ? [] : await answer(engine, messages);
          for (const piece of reply) stream.push(piece);
          done();
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
    final(done) {
      stream.push(null);
      done();
    },
    destroy(error, done) {
      if (engine.closed) return done(error);
      answer(engine, ROLLBACK).then(() => done(error), done);
    },
  });
  return stream;
}

/** What the engine answers, in pieces. They are copies: it writes its next answer over this one. */
async function answer(engine: PGlite, messages: Uint8Array): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  await engine.execProtocolRawStream(messages, {
    onRawData: (bytes) => void pieces.push(Buffer.from(bytes)),
  });
  return pieces;
}

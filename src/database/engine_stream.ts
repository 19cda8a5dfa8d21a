import type { PGlite } from "@electric-sql/pglite";
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { sessionEnd } from "./error_response.ts";

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
 * does when it can't write its log of changes, must not be asked anything any more, not even to close:
 * it would never return. `onEnd` hears of it, and the stream fails with what the engine said.
 */
export function openEngineStream(engine: PGlite, { onEnd }: { onEnd: () => void }): Duplex {
  let hasEnded = false;

  async function answer(messages: Uint8Array): Promise<Buffer> {
    const pieces: Buffer[] = [];
    try {
      await engine.execProtocolRawStream(messages, {
        // Copies: it writes its next answer over this one.
        onRawData: (bytes) => void pieces.push(Buffer.from(bytes)),
      });
    } catch (error) {
      end();
      throw error;
    }
    const reply = Buffer.concat(pieces);
    const given = sessionEnd(reply);
    if (given === null) return reply;
    end();
    throw given;
  }

  function end(): void {
    hasEnded = true;
    onEnd();
  }

  const stream = new Duplex({
    read() {},
    write(messages, _encoding, done) {
      // In a turn of its own: the engine answers before it returns, and other work must come between.
      setImmediate(async () => {
        try {
          if (!stream.destroyed) stream.push(await answer(messages));
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
      if (hasEnded || engine.closed) return done(error);
      answer(ROLLBACK).then(() => done(error), done);
    },
  });
  return stream;
}

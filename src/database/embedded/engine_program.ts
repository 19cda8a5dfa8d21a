/// <reference lib="deno.worker" />
/**
 * The thread that `engine_thread.ts` starts: the embedded engine, which computes without a pause, and so
 * would keep everything else in its own thread waiting.
 */
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import type { EngineAnswer, EngineRequest } from "./engine_thread.ts";
import { PrivateFiles } from "./private_files.ts";

/**
 * The engine keeps its cache within its own memory, which it never gives back; the files are in the
 * system's cache as well: its default of 128 MB made the whole process nearly twice as large. And the
 * timer of its progress report would keep an engine that fails to start in memory for good.
 */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams,
  ...["-c", "shared_buffers=16MB"],
  ...["-c", "log_startup_progress_interval=0"],
];

let engine: PGlite | null = null;

self.onmessage = async ({ data }: MessageEvent<EngineRequest>) => {
  try {
    const bytes = await answer(data);
    post({ bytes }, [bytes.buffer]);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    post({ error: { name, message } });
  }
};

async function answer(request: EngineRequest): Promise<Uint8Array<ArrayBuffer>> {
  if (request.kind === "start") {
    const options = { extensions: { pg_trgm }, startParams: START_PARAMETERS };
    engine = await PGlite.create(
      request.directory === null
        ? { dataDir: "memory://", ...options }
        : { fs: new PrivateFiles(request.directory), ...options },
    );
  } else if (request.kind === "close") {
    await engine?.close();
  } else return await exchange(request.messages);
  return new Uint8Array();
}

async function exchange(messages: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  // Copies: it writes its next answer over this one.
  await engine!.execProtocolRawStream(messages, {
    onRawData: (bytes) => void pieces.push(bytes.slice()),
  });
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let size = 0;
  for (const piece of pieces) {
    whole.set(piece, size);
    size += piece.length;
  }
  return whole;
}

function post(answer: EngineAnswer, transfer: Transferable[] = []): void {
  self.postMessage(answer, transfer);
}

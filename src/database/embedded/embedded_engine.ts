import type { Duplex } from "node:stream";
import { AppError } from "../../errors.ts";
import { openEngineStream } from "./engine_stream.ts";
import { EngineThread } from "./engine_thread.ts";

/** What a start writes is less; without that much room it is the disk that keeps it from starting. */
const START_BYTES = 1_048_576;

/** The engine of an embedded database, behind one connection at a time. */
export interface EmbeddedEngine {
  /**
   * A new connection. Starts the engine anew when it gave up, which mends what it left half written.
   * Rejects as a server's connection would, with an SQLSTATE, when it cannot be started.
   */
  connect(): Promise<Duplex>;
  close(): Promise<void>;
}

/**
 * Starts the engine on files in `directory` (made when absent), or in memory when it is `null`: there,
 * what it holds is gone when it gives up.
 *
 * Throws `AppError` DATABASE_FULL when the disk has no room to start, DATABASE_DAMAGED when the files
 * cannot be opened, CONFIG_INVALID when the process has no permission to.
 */
export async function startEmbeddedEngine(directory: string | null): Promise<EmbeddedEngine> {
  let engine = await start(directory);
  return {
    async connect(): Promise<Duplex> {
      if (engine.isEnded) engine = await start(directory).catch(asRefusal);
      return openEngineStream(engine);
    },
    close: () => engine.close(),
  };
}

/** Strangers may come to read the sentence for its code; the one for the operator names the folder. */
function asRefusal(error: unknown): never {
  const isFull = error instanceof AppError && error.code === "DATABASE_FULL";
  const reason = error instanceof Error ? error.message : String(error);
  throw Object.assign(new Error(reason, { cause: error }), { code: isFull ? "53100" : "58030" });
}

async function start(directory: string | null): Promise<EngineThread> {
  if (directory === null) return await EngineThread.start(null);
  try {
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    return await EngineThread.start(directory);
  } catch (error) {
    throw await whyNotStarted(directory, error);
  }
}

async function whyNotStarted(directory: string, cause: unknown): Promise<AppError> {
  if (cause instanceof Error && cause.name === "NotCapable") {
    return new AppError(
      "CONFIG_INVALID",
      `The permissions of this process do not cover the embedded database and its program: start ` +
        `it with deno task, which works them out (but not for a DENO_DIR with spaces in it)`,
      { cause },
    );
  }
  if (await isFull(directory)) {
    return new AppError(
      "DATABASE_FULL",
      `The embedded database in ${directory} cannot start: there is no room left on its disk. Make ` +
        `room there and start again; the files are not to be touched`,
      { cause },
    );
  }
  return new AppError(
    "DATABASE_DAMAGED",
    `Cannot open the embedded database in ${directory}: its files are damaged or were written by ` +
      `another version. Move the folder away to start afresh, or restore it from a copy`,
    { cause },
  );
}

/** Asked of the disk itself: of the engine's own error only its exit status is left. */
async function isFull(directory: string): Promise<boolean> {
  const probe = `${directory}/room-for-a-start`;
  try {
    await Deno.writeFile(probe, new Uint8Array(START_BYTES), { mode: 0o600 });
    return false;
  } catch (error) {
    if (isNoSpace(error)) return true;
    if (error instanceof Deno.errors.NotFound) return false; // the folder itself could not be made
    throw error;
  } finally {
    await Deno.remove(probe).catch(() => {}); // was it made at all
  }
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

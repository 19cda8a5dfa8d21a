import { AppError } from "../errors.ts";
import { closeToOthers, FILE_MODE, FOLDER_MODE } from "./file_modes.ts";

/** The folder a process keeps its files in, held for itself alone. */
export interface DataDirectory {
  readonly path: string;
  /** The same after every restart on this folder: how a process knows its own earlier claims. */
  readonly instance: string;
  readonly database_path: string;
  readonly queue_path: string;
  /** Where a demo notes that the folder is its own. */
  readonly demo_mark_path: string;
  /** Sentences about rights that others had or have to it; none when all is in order. */
  readonly warnings: readonly string[];
  release(): void;
}

const DATABASE = "postgres";
const QUEUE = "queue.sqlite3";
const DEMO_MARK = "made_by_a_demo";
const CONTENTS = {
  names: ["lock", "instance", DATABASE, QUEUE, `${QUEUE}-wal`, `${QUEUE}-shm`, DEMO_MARK],
  // Demos, which may be running, keep their own data folders below; a volume of its own has the last.
  strangers: ["demo", "demo-server", "lost+found"],
};

/**
 * Makes the folder, for its owner alone, and locks it until the process ends, however it ends: two processes on one
 * embedded database would damage it, and two on one queue file would take each other's messages.
 *
 * Throws `AppError` DATA_DIR_IN_USE when another process holds it or it cannot be written.
 */
export async function holdDataDirectory(path: string): Promise<DataDirectory> {
  let lock: Deno.FsFile;
  try {
    await Deno.mkdir(path, { recursive: true, mode: FOLDER_MODE });
    lock = await Deno.open(`${path}/lock`, {
      create: true,
      read: true,
      write: true,
      mode: FILE_MODE,
    });
  } catch (cause) {
    throw unwritable(path, cause);
  }
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new AppError(
      "DATA_DIR_IN_USE",
      `The data folder ${path} is in use by another process: stop it, or set DATA_DIR to another ` +
        `folder`,
    );
  }
  let instance: string;
  let warnings: string[];
  try {
    warnings = closeToOthers(path, CONTENTS);
    instance = await readInstance(path);
  } catch (cause) {
    lock.close();
    throw unwritable(path, cause);
  }
  return {
    path,
    instance,
    database_path: `${path}/${DATABASE}`,
    queue_path: `${path}/${QUEUE}`,
    demo_mark_path: `${path}/${DEMO_MARK}`,
    warnings,
    release: () => lock.close(),
  };
}

function unwritable(path: string, cause: unknown): AppError {
  // Deno's own words advise flags that its tasks do not take.
  const reason = cause instanceof Deno.errors.NotCapable
    ? "the permissions of this process do not cover it: deno task works them out from the settings"
    : cause instanceof Error
    ? cause.message
    : String(cause);
  return new AppError(
    "DATA_DIR_IN_USE",
    `Cannot write to the data folder ${path} (${reason}): make room, correct its permissions, or ` +
      `set DATA_DIR`,
    { cause },
  );
}

/**
 * The name this folder was given, with the place it was given for: a copy of the folder elsewhere is
 * another process, and must not take over what the first one is working on.
 */
async function readInstance(path: string): Promise<string> {
  const file = `${path}/instance`;
  const { dev, ino } = await Deno.stat(path);
  const place = `${Deno.hostname()}:${await Deno.realPath(path)}:${dev}:${ino}`;
  const [name, knownPlace] = (await readOrEmpty(file)).split("\n");
  if (name && knownPlace === place) return name;
  const instance = `${Deno.hostname()}-${crypto.randomUUID().slice(0, 8)}`;
  await Deno.writeTextFile(file, `${instance}\n${place}\n`, { mode: FILE_MODE });
  return instance;
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

import { AppError } from "./errors.ts";

/** The folder a process keeps its files in, held for itself alone. */
export interface DataDirectory {
  readonly path: string;
  /** The same after every restart on this folder: how a process knows its own earlier claims. */
  readonly instance: string;
  readonly database_path: string;
  readonly queue_path: string;
  release(): void;
}

/**
 * Makes the folder and locks it until the process ends, however it ends: two processes on one
 * embedded database would damage it, and two on one queue file would take each other's messages.
 *
 * Throws `AppError` DATA_DIR_IN_USE when another process holds it or it cannot be written.
 */
export async function holdDataDirectory(path: string): Promise<DataDirectory> {
  let lock: Deno.FsFile;
  try {
    await Deno.mkdir(path, { recursive: true });
    lock = await Deno.open(`${path}/lock`, { create: true, read: true, write: true });
  } catch (cause) {
    throw new AppError(
      "DATA_DIR_IN_USE",
      `Cannot write to the data folder ${path}: correct its permissions or set DATA_DIR`,
      { cause },
    );
  }
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new AppError(
      "DATA_DIR_IN_USE",
      `The data folder ${path} is in use by another process: stop it, or set DATA_DIR to another ` +
        `folder`,
    );
  }
  return {
    path,
    instance: await readInstance(`${path}/instance`),
    database_path: `${path}/postgres`,
    queue_path: `${path}/queue.sqlite3`,
    release: () => lock.close(),
  };
}

async function readInstance(file: string): Promise<string> {
  try {
    const instance = (await Deno.readTextFile(file)).trim();
    if (instance !== "") return instance;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const instance = `${Deno.hostname()}-${crypto.randomUUID().slice(0, 8)}`;
  await Deno.writeTextFile(file, `${instance}\n`);
  return instance;
}

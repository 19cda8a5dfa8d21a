import { type DataDirectory, holdDataDirectory } from "../app/data_directory.ts";
import { prepareDemoDatabase } from "../database/migrations/demo_database.ts";
import { markAsDemo } from "../database/migrations/demo_mark.ts";
import { openEmbeddedDatabase } from "../database/embedded/embedded_database.ts";
import { FILE_MODE } from "../app/file_modes.ts";
import { demoFolder } from "./demo_folder.ts";

/** Where a demo keeps its data. */
export interface DemoPlace {
  readonly folder: string;
  /** Its own database on the server of DATABASE_URL; null when it uses the embedded one in the folder. */
  readonly database_url: string | null;
}

const MARK = "deno task demo made this folder and removes it when it starts without --keep.\n";

/**
 * Makes the place of a demo with these settings, empty unless `isKept`. Only what a demo made is
 * removed.
 *
 * Throws `AppError` when another process is using the place, or it may be somebody else's.
 */
export async function prepareDemoPlace(
  environment: Readonly<Record<string, string>>,
  { isKept }: { isKept: boolean },
): Promise<DemoPlace> {
  const folder = demoFolder(environment);
  await inFolder(folder, demandOwn);
  if (!isKept) await Deno.remove(folder, { recursive: true });
  await inFolder(
    folder,
    ({ demo_mark_path }) => Deno.writeTextFile(demo_mark_path, MARK, { mode: FILE_MODE }),
  );
  const { DATABASE_URL } = environment;
  const database_url = DATABASE_URL === undefined
    ? null
    : await prepareDemoDatabase(DATABASE_URL, { isKept });
  return { folder, database_url };
}

async function inFolder(
  folder: string,
  action: (directory: DataDirectory) => Promise<void>,
): Promise<void> {
  const directory = await holdDataDirectory(folder);
  try {
    await action(directory);
  } finally {
    directory.release();
  }
}

/** Throws when the folder holds a database that no demo made. */
async function demandOwn({ database_path, demo_mark_path }: DataDirectory): Promise<void> {
  if (!await exists(database_path) || await exists(demo_mark_path)) return;
  const database = await openEmbeddedDatabase(database_path);
  try {
    await markAsDemo(database);
  } finally {
    await database.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

import { holdDataDirectory } from "../data_directory.ts";
import { prepareDemoDatabase } from "../database/demo_database.ts";
import { markAsDemo } from "../database/demo_mark.ts";
import { openEmbeddedDatabase } from "../database/embedded_database.ts";

/** Where a demo keeps its data. */
export interface DemoPlace {
  readonly folder: string;
  /** Its own database on the server of DATABASE_URL; null when it uses the embedded one in the folder. */
  readonly database_url: string | null;
}

/** Says that what lies beside it may be removed by the next demo. */
const MARK = "made_by_a_demo";
const MARK_TEXT = "deno task demo made this folder and removes it when it starts without --keep.\n";

/**
 * Makes the place of a demo under `dataDir`, and on the server at `databaseUrl` when there is one,
 * empty unless `isKept`. Only what a demo made is removed, and a demo on a server leaves the data of
 * embedded demos alone.
 *
 * Throws `AppError` when another process is using the place, or it may be somebody else's.
 */
export async function prepareDemoPlace(
  { dataDir, databaseUrl, isKept }: {
    dataDir: string;
    databaseUrl: string | undefined;
    isKept: boolean;
  },
): Promise<DemoPlace> {
  const folder = `${dataDir}/${databaseUrl === undefined ? "demo" : "demo-server"}`;
  if (!isKept) await removeFolder(folder);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/${MARK}`, MARK_TEXT);
  const database_url = databaseUrl === undefined
    ? null
    : await prepareDemoDatabase(databaseUrl, { isKept });
  return { folder, database_url };
}

async function removeFolder(folder: string): Promise<void> {
  const directory = await holdDataDirectory(folder);
  try {
    const hasDatabase = await exists(directory.database_path);
    if (hasDatabase && !await exists(`${folder}/${MARK}`)) {
      await demandDemo(directory.database_path);
    }
  } finally {
    directory.release();
  }
  await Deno.remove(folder, { recursive: true });
}

async function demandDemo(databasePath: string): Promise<void> {
  const database = await openEmbeddedDatabase(databasePath);
  try {
    await markAsDemo(database);
  } finally {
    await database.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

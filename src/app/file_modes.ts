/** For their owner alone; on Windows, which has no such modes, they are not looked at. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** Permission bits of the group and of everybody else. */
const OTHERS = 0o077;
const OTHERS_READ = 0o044;

const HAS_MODES = Deno.build.os !== "windows";

/**
 * Takes the rights of others from `folder` and what is in it under the `names` of ours. A folder that
 * holds anything else may be one that many use, such as `/tmp`: its own mode is left alone. Symbolic
 * links are not followed.
 *
 * Returns sentences about what was open and what still is; none when all was in order.
 */
export function closeToOthers(
  folder: string,
  { names, strangers }: {
    readonly names: readonly string[];
    /** Names that belong here as well, but are left to whoever uses them. */
    readonly strangers: readonly string[];
  },
): string[] {
  if (!HAS_MODES) return [];
  const found: Found = { closed: 0, still_open: null };
  const entries = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const foreign = entries.find((name) => !names.includes(name) && !strangers.includes(name));
  if (foreign === undefined) closeOne(folder, found);
  else if (isOpen(Deno.statSync(folder))) found.still_open = `it also holds ${foreign}`;
  for (const name of entries) {
    if (names.includes(name)) closeTree(`${folder}/${name}`, found);
  }
  return describe(folder, found);
}

interface Found {
  /** How many files and folders others had rights to. */
  closed: number;
  /** Why something is still open, if it is. */
  still_open: string | null;
}

function describe(folder: string, { closed, still_open }: Found): string[] {
  return [
    ...(closed === 0 ? [] : [
      `Others on this machine had rights to ${closed} files and folders in ${folder}; from now on ` +
      `only their owner has`,
    ]),
    ...(still_open === null ? [] : [
      `Others on this machine can look into ${folder} (${still_open}): set DATA_DIR to a folder of ` +
      `the service's own`,
    ]),
  ];
}

function closeTree(path: string, found: Found): void {
  const info = Deno.lstatSync(path);
  if (info.isSymlink) return;
  closeOne(path, found);
  if (!info.isDirectory) return;
  for (const { name } of Deno.readDirSync(path)) closeTree(`${path}/${name}`, found);
}

function closeOne(path: string, found: Found): void {
  const info = Deno.statSync(path);
  if (!isOpen(info)) return;
  try {
    Deno.chmodSync(path, (info.mode ?? 0) & 0o777 & ~OTHERS);
    found.closed++;
  } catch (error) {
    // Another's file, or a file system that keeps no modes: the service can work all the same.
    found.still_open ??= error instanceof Error ? error.message : String(error);
  }
}

function isOpen({ mode }: Deno.FileInfo): boolean {
  return ((mode ?? 0) & OTHERS) !== 0;
}

/** Whether others can read the file; false when it does not exist or may not be looked at. */
export async function isReadableByOthers(path: string): Promise<boolean> {
  if (!HAS_MODES) return false;
  try {
    return (((await Deno.stat(path)).mode ?? 0) & OTHERS_READ) !== 0;
  } catch (error) {
    const isUnknown = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable;
    if (isUnknown) return false;
    throw error;
  }
}

/**
 * How many more files and sockets this process may open, counted up to `wanted`: it opens `path` that
 * often and closes all again, because the system's limit itself can't be read without the right to
 * read everything. Nothing else of this thread runs meanwhile.
 *
 * Throws what opening `path` throws for any other reason.
 */
export function countFreeDescriptors(path: string, { wanted }: { wanted: number }): number {
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < wanted) files.push(Deno.openSync(path));
  } catch (error) {
    if (!isOutOfDescriptors(error)) throw error;
  } finally {
    for (const file of files) file.close();
  }
  return files.length;
}

/** The limit of this process or that of the whole system. */
function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    (error.code === "EMFILE" || error.code === "ENFILE");
}

/**
 * How many connections of clients leave room for the database, the providers and files: those wanted,
 * but at most half of what can still be opened.
 */
export function boundConnections(path: string, { wanted }: { wanted: number }): number {
  const free = countFreeDescriptors(path, { wanted: 2 * wanted });
  return Math.max(1, Math.min(wanted, Math.floor(free / 2)));
}

import { AppError } from "../errors.ts";

/**
 * Opens the Deno KV file, made for its owner alone when it is absent, and proves that it can be written.
 *
 * Throws `AppError` QUEUE_UNREACHABLE saying which file and what to do.
 */
export async function openKvStore(path: string): Promise<Deno.Kv> {
  try {
    // Deno KV has no say in the mode of the file it makes; those it puts beside it get the same.
    (await Deno.open(path, { create: true, write: true, mode: 0o600 })).close();
    const kv = await Deno.openKv(path);
    await kv.set(["opened"], true);
    return kv;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "QUEUE_UNREACHABLE",
      `Cannot write the queue file ${path}: ${reason}. Stop the process that holds it, correct its ` +
        `permissions, or set DATA_DIR to another folder`,
      { cause: error },
    );
  }
}

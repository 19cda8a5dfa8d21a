import { AppError } from "../errors.ts";

/**
 * Opens the Deno KV file and proves that it can be written.
 *
 * Throws `AppError` QUEUE_UNREACHABLE saying which file and what to do.
 */
export async function openKvStore(path: string): Promise<Deno.Kv> {
  try {
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

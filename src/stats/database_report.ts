import { z } from "zod";
import type { Database } from "../database/connection/connection.ts";

/** Whether the database works, in the words of every place that tells. */
export const databaseReportSchema = z.object({
  kind: z.enum(["embedded", "server"]),
  status: z.enum(["ready", "not ready"]),
  /** What keeps it from its work and what to do; null when it is ready. */
  error: z.string().nullable(),
  code: z.string().nullable(),
});

export type DatabaseReport = Readonly<z.infer<typeof databaseReportSchema>>;

/** Looks whether the database works. Never rejects. */
export async function readDatabaseReport(
  { kind, trouble }: Pick<Database, "kind" | "trouble">,
): Promise<DatabaseReport> {
  const found = await trouble();
  return found === null
    ? { kind, status: "ready", error: null, code: null }
    : { kind, status: "not ready", error: found.message, code: found.code };
}

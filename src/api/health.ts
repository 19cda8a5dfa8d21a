import { Hono } from "hono";
import { readDatabaseReport } from "../stats/database_report.ts";
import type { ApiContext } from "./requests/api_context.ts";

/** Strangers may ask: what nobody has put into words may say too much. */
const UNEXPECTED = "The database cannot do its work; the log has the details";

/**
 * `GET /healthz` (the process lives: otherwise it must be restarted) and `GET /readyz` (its database
 * answers and can be written to).
 */
export function healthRoute({ scheduler, rescues }: ApiContext): Hono {
  return new Hono()
    .get("/healthz", (context) => {
      const error = rescues.problem();
      return error === null
        ? context.json({ status: "ok" })
        : context.json({ status: "stuck", error }, 503);
    })
    .get("/readyz", async (context) => {
      const { status, kind, error, code } = await readDatabaseReport(scheduler.database);
      return status === "ready"
        ? context.json({ status, database: kind })
        : context.json({ status, error: code === "INTERNAL" ? UNEXPECTED : error, code }, 503);
    });
}

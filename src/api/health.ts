import { Hono } from "hono";
import { toAppError } from "../errors.ts";
import { checkReady } from "../stats/check_ready.ts";
import type { ApiContext } from "./api_context.ts";

/** `GET /healthz` (the process lives) and `GET /readyz` (it can reach its database). */
export function healthRoute({ scheduler, log }: ApiContext): Hono {
  return new Hono()
    .get("/healthz", (context) => context.json({ status: "ok" }))
    .get("/readyz", async (context) => {
      try {
        await checkReady(scheduler.database.sql);
        return context.json({ status: "ready", database: scheduler.database.kind });
      } catch (thrown) {
        const error = toAppError(thrown);
        log.warn("not_ready", { error });
        return context.json({ status: "not ready", error: error.message, code: error.code }, 503);
      }
    });
}

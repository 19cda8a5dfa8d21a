import { Hono } from "hono";
import { AppError } from "../errors.ts";
import type { ApiContext } from "./requests/api_context.ts";

const JOB_ID = /^[0-9a-f-]{36}$/i;

/** `GET /jobs/{job_id}`: the live status of one job, kept for 7 days. */
export function jobsRoute({ scheduler }: ApiContext): Hono {
  return new Hono().get("/jobs/:job_id", async (context) => {
    const jobId = context.req.param("job_id");
    const status = JOB_ID.test(jobId) ? await scheduler.statuses.read(jobId) : null;
    if (!status) {
      throw new AppError(
        "NOT_FOUND",
        `No job "${jobId.slice(0, 100)}": it is unknown, or older than 7 days`,
      );
    }
    return context.json(status);
  });
}

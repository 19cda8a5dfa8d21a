import { z } from "zod";
import { AppError } from "../errors.ts";
import { jobStatusSchema } from "../job_status/job_status.ts";
import type { SchedulerContext } from "../scheduler/scheduler_context.ts";
import { defineRoute } from "./requests/route.ts";

const JOB_ID = /^[0-9a-f-]{36}$/i;

/** `GET /jobs/{job_id}`: the live status of one job, kept for 7 days. */
export const jobsRoute = defineRoute({
  path: "/jobs/:job_id",
  params: z.object({ job_id: z.string() }),
  answer: jobStatusSchema,
  handle: async ({ statuses }: SchedulerContext, { params: { job_id } }) => {
    const status = JOB_ID.test(job_id) ? await statuses.read(job_id) : null;
    if (status) return status;
    throw new AppError(
      "NOT_FOUND",
      `No job "${job_id.slice(0, 100)}": it is unknown, or older than 7 days`,
    );
  },
});

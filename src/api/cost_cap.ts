import { z } from "zod";
import { raisedRunSchema, raiseRunCap } from "../control/raise_run_cap.ts";
import type { SchedulerContext } from "../scheduler/scheduler_context.ts";
import { bodySchema } from "./requests/body_schema.ts";
import { capSchema } from "./requests/cap_schema.ts";
import { pathId } from "./requests/path_id.ts";
import { defineRoute } from "./requests/route.ts";

/** `POST /runs/{run_id}/cost-cap`: what the models of a run may cost, from now on. */
export const costCapRoute = defineRoute({
  path: "/runs/:run_id/cost-cap",
  params: z.object({ run_id: pathId }),
  body: bodySchema({ max_cost_usd: capSchema }),
  answer: raisedRunSchema,
  examples: [{ params: { run_id: "1" }, body: { max_cost_usd: 1 } }],
  handle: (context: SchedulerContext, { params: { run_id }, body: { max_cost_usd } }) =>
    raiseRunCap(context, { runId: run_id, maxCostUsd: max_cost_usd }),
});

import { Hono } from "hono";
import { z } from "zod";
import { AppError } from "../errors.ts";
import { raiseRunCap } from "../control/raise_run_cap.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { capSchema } from "./requests/cap_schema.ts";
import { parseBody } from "./requests/parse_body.ts";

const MAX_RUN_ID = 2_147_483_647;

const requestSchema = z.strictObject({
  max_cost_usd: capSchema,
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys"
      ? "is not a field of this request: max_cost_usd is"
      : "must be a JSON object",
});

/** `POST /runs/{run_id}/cost-cap`: what the models of a run may cost, from now on. */
export function runsRoute({ scheduler }: ApiContext): Hono {
  return new Hono().post("/runs/:run_id/cost-cap", async (context) => {
    const text = context.req.param("run_id");
    const runId = /^[0-9]{1,10}$/.test(text) ? Number(text) : NaN;
    if (!(runId >= 1 && runId <= MAX_RUN_ID)) {
      throw new AppError(
        "BAD_REQUEST",
        `run_id must be a whole number from 1 (received "${text.slice(0, 100)}")`,
      );
    }
    const { max_cost_usd } = await parseBody(context, requestSchema);
    return context.json(await raiseRunCap(scheduler, { runId, maxCostUsd: max_cost_usd }));
  });
}

import type { Context } from "hono";
import type { SchedulerContext } from "../../scheduler/scheduler_context.ts";
import { shareReading } from "../../stats/shared_reading.ts";
import { readBody } from "./read_body.ts";
import { parseRequest, type Route, type RouteRequest } from "./route.ts";

/** The handler that reads a request as the route's schemas say, and answers with what it gives. */
export function answerRoute(
  route: Route,
  context: SchedulerContext,
): (request: Context) => Promise<Response> {
  const answer = async (sent: RouteRequest): Promise<string> =>
    JSON.stringify(await route.handle(context, parseRequest(route, sent)));
  const shared = shareReading(() => answer({}));
  return async ({ body: respond, req }) => {
    const text = route.isShared ? shared() : answer({
      params: { ...req.query(), ...req.param() },
      ...(route.body === undefined ? {} : { body: await readBody(req.raw) }),
    });
    return respond(await text, 200, { "Content-Type": "application/json" });
  };
}

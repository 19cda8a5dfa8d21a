import type { z } from "zod";
import {
  type DatabaseContext,
  parseRequest,
  type Route,
  type RouteRequest,
} from "../api/requests/route.ts";
import { composePolicies } from "../app/compose_policies.ts";
import { composeProviders } from "../app/compose_providers.ts";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Database } from "../database/connection/connection.ts";
import { createLog } from "../log.ts";
import { type Answered, callService } from "./call_service.ts";
import { openDatabaseOrService } from "./database_or_service.ts";

/** Asks a route for which the database is enough. */
export type AskRoute = <Answer extends z.ZodType>(
  route: Route<DatabaseContext, Answer>,
  request?: RouteRequest,
) => Promise<Answered<Answer>>;

/**
 * Lets `action` ask routes: of the running service when it has the embedded database to itself, else
 * of the database, which is open meanwhile.
 */
export async function askRoutes<T>(
  config: Config,
  action: (ask: AskRoute) => Promise<T>,
): Promise<T> {
  const log = await openDatabaseOrService(config);
  if (log.kind === "service") {
    const { whenSilent } = log;
    return await action((route, request) => callService(config, { ...request, route, whenSilent }));
  }
  try {
    const context = databaseContext(config, log.database);
    return await action(async (route, request = {}) => {
      const answer = await route.handle(context, parseRequest(route, request));
      return { whole: answer, answer };
    });
  } finally {
    await log.close();
  }
}

/** What routes are answered with when no service is in between. */
export function databaseContext(config: Config, database: Database): DatabaseContext {
  const parts = { database, clock: systemClock, log: createLog() };
  return {
    ...parts,
    recent_months: config.RECENT_MONTHS,
    lineup: composeProviders(config, parts),
    ...composePolicies(config),
  };
}

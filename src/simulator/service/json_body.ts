import type { Context } from "hono";
import type { ServiceEnv } from "./service.ts";

/** The request's body as JSON; undefined when it is none. */
export async function jsonBody(c: Context<ServiceEnv>): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import type { Context } from "hono";
import type { RoomEnv } from "./room.ts";

/** The request's body as JSON; undefined when it is none. */
export async function jsonBody(c: Context<RoomEnv>): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

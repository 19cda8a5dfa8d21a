import type { Context } from "hono";
import type { ServiceEnv } from "../service/service.ts";

/** The key of an `Authorization: Bearer` header; null when there is none. */
export function bearerKey(c: Context<ServiceEnv>): string | null {
  return /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
}

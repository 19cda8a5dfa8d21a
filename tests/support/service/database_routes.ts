import { assertEquals } from "@std/assert";
import { ROUTES } from "../../../src/api/api.ts";
import { routeUrl } from "../../../src/api/requests/route.ts";
import type { Answer } from "./test_app.ts";

type Call = (path: string, body?: unknown) => Promise<Answer>;

/** The live status is kept beside the queue. */
const WITHOUT_DATABASE: readonly string[] = ["/jobs/:job_id"];

/** Fails unless every route that needs the database answers 503 with what `/readyz` says. */
export async function assertAllSay(call: Call, code: string): Promise<string> {
  const { status, body: ready } = await call("/readyz");
  assertEquals([status, ready.status, ready.code], [503, "not ready", code]);
  for (const { path, examples } of ROUTES) {
    if (WITHOUT_DATABASE.includes(path)) continue;
    for (const { params, body } of examples) {
      const answer = await call(`/api/internal${routeUrl(path, params)}`, body);
      assertEquals([path, answer.status], [path, 503], JSON.stringify(answer.body));
      assertEquals(answer.body, { error: ready.error, code });
    }
  }
  return ready.error;
}

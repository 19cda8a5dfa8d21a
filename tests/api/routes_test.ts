// About api.ts, requests/route.ts, requests/answer_route.ts, requests/parse_fields.ts, requests/path_id.ts
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createApi, ROUTES } from "../../src/api/api.ts";
import { type Route, type RouteRequest, routeUrl } from "../../src/api/requests/route.ts";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { createRescueWatch } from "../../src/scheduler/rescue_watch.ts";
import { appTest, TEST_SECRET, type TestApp } from "../support/service/test_app.ts";

/** What anybody may ask. */
const OPEN = ["GET /healthz", "GET /readyz"];

/** Adds months and works on one of them, so that every example has something to be about. */
async function fill({ call, settled }: TestApp): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await call("/api/internal/schedule-backfill", { batch_size: 1 });
  await settled();
}

/** All rows, but those of the queue's clockwork, which changes by itself. */
async function allRows({ sql }: TestApp): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_name NOT IN ('cron_lease', 'cron_run')`;
  const rows: Record<string, string> = {};
  for (const { name } of tables) {
    const [all] = await sql<{ text: string }[]>`
      SELECT coalesce(string_agg(row::text, chr(10) ORDER BY row::text), '') AS text
      FROM ${sql(name)} row`;
    rows[name] = all!.text;
  }
  assert("backfill_log" in rows, "no table was found");
  return rows;
}

/** The route's examples, with the number of a job that is there. */
async function examples({ sql }: TestApp, route: Route): Promise<RouteRequest[]> {
  const [attempt] = await sql<{ job_id: string }[]>`SELECT job_id FROM backfill_attempt`;
  const given = route.path.includes(":job_id") ? { job_id: attempt!.job_id } : {};
  return route.examples.map(({ params, body }) => ({
    params: { ...params, ...given },
    ...(body === undefined ? {} : { body }),
  }));
}

function send(
  service: TestApp,
  { route, request: { params, body }, secret = TEST_SECRET }: {
    route: Route;
    request: RouteRequest;
    secret?: string | null;
  },
) {
  return service.call(`/api/internal${routeUrl(route.path, params)}`, body, { secret });
}

appTest("what is mounted is the list of routes, and what anybody may ask", (service) => {
  const api = createApi({
    scheduler: service.app.scheduler,
    rescues: createRescueWatch(systemClock),
    log: createLog(),
    secret: TEST_SECRET,
    redact: (text) => text,
  });
  const mounted = api.routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const listed = ROUTES.map(({ method, path }) => `${method} /api/internal${path}`);
  assertEquals(mounted.toSorted(), [...listed, ...OPEN].toSorted());
  return Promise.resolve();
});

Deno.test("a shared answer takes nothing that could make it another", () => {
  const shared = ROUTES.filter(({ isShared }) => isShared);
  assert(shared.length > 0, "no route shares its answer");
  const asking = shared.filter(({ params, body }) => params !== undefined || body !== undefined);
  assertEquals(asking.map(({ path }) => path), []);
});

for (const route of ROUTES) {
  const name = `${route.method} ${route.path}`;

  appTest(`${name} without the secret is refused and does nothing`, async (service) => {
    await fill(service);
    const before = await allRows(service);
    for (const request of await examples(service, route)) {
      for (const secret of [null, "", "wrong", TEST_SECRET.slice(0, -1)]) {
        const { status, body } = await send(service, { route, request, secret });
        assertEquals([status, body.code], [401, "UNAUTHORIZED"]);
        assertMatch(body.error, /X-Cron-Secret/);
      }
    }
    assertEquals(await allRows(service), before);
  });

  appTest(`${name} refuses what it cannot read, by name, and changes nothing`, async (service) => {
    await fill(service);
    const before = await allRows(service);
    const [right] = await examples(service, route);
    const { params = {}, body: rightBody } = right!;
    for (const param of Object.keys(params)) {
      const request = { ...right, params: { ...params, [param]: "!" } };
      const { status, body } = await send(service, { route, request });
      assert(status === 400 || status === 404, `${param}=! gives ${status}`);
      assertMatch(body.error, /"!"/);
    }
    if (route.body !== undefined) {
      const unknown = { ...(rightBody as object), nonsense: 1 };
      for (
        const [body, words] of [["{", /not JSON/], [[], /body/], [unknown, /nonsense/]] as const
      ) {
        const request = { params, body };
        const answer = await send(service, { route, request });
        assertEquals([answer.status, answer.body.code], [400, "BAD_REQUEST"]);
        assertMatch(answer.body.error, words);
      }
    }
    assertEquals(await allRows(service), before);
  });

  appTest(`${name} answers what its schema says, field by field`, async (service) => {
    await fill(service);
    const all = await examples(service, route);
    const needed = [...route.path.matchAll(/:(\w+)/g)].map(([, param]) => param!);
    for (const request of all) {
      const lacking = needed.filter((param) => request.params?.[param] === undefined);
      assertEquals(lacking, [], `${name}: an example has to name these`);
      const { status, body } = await send(service, { route, request });
      assertEquals(status, 200, JSON.stringify(body));
      const read = JSON.parse(JSON.stringify(route.answer.parse(body)));
      assertEquals(read, body, "what the answer holds, and what its schema names");
    }
    await service.settled();
  });
}

import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../../src/clock.ts";
import type { DailyGrant } from "../../../../src/domain/providers/call_gate.ts";
import type { Resolver } from "../../../../src/domain/matching/resolver.ts";
import { toAppError } from "../../../../src/errors.ts";
import { createLog } from "../../../../src/log.ts";
import { providerLimits } from "../../../../src/limits/provider_limits.ts";
import type { HttpOptions } from "../../../../src/providers/http/http.ts";
import { createIsbndb, type Isbndb } from "../../../../src/providers/resolvers/isbndb/isbndb.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import { databaseTest } from "../../../support/postgres/databases.ts";
import { type Answer, type Arrived, htmlPage, silence } from "../../fixture_server.ts";
import { type ResolverBench, withFixtures, withSimulatedCatalogues } from "../resolver_harness.ts";

const DAY_MS = 86_400_000;

const plan = Response.json({
  api_host: "api2.isbndb.com",
  plan_limit: { total: 5000, spent: 412, left: 4588 },
});
const nothing = Response.json({ message: "Not Found" }, { status: 404 });

interface PlanBench extends ResolverBench<Isbndb> {
  readonly grants: readonly DailyGrant[];
  readonly paths: () => string[];
}

/** `GET /key` gets the answers given, the last one for ever; every other request finds nothing. */
async function answeringKey(
  answers: readonly Answer[],
  test: (bench: PlanBench) => Promise<void>,
  options: Partial<HttpOptions> = {},
): Promise<void> {
  const grants: DailyGrant[] = [];
  let asked = 0;
  const answer = (arrived: Arrived): Response | Promise<Response> => {
    if (arrived.path !== "/key") return nothing.clone();
    const given = answers[Math.min(asked++, answers.length - 1)]!;
    return typeof given === "function" ? given(arrived) : given.clone();
  };
  const make = (http: HttpOptions): Isbndb =>
    createIsbndb({ ...http, ...options, apiKey: "k", onGrant: noteIn(grants) });
  await withFixtures({ make, answers: [answer] }, (bench) =>
    test({
      ...bench,
      grants,
      paths: () => bench.arrived.map(({ path }) => path.split(/[?/]/)[1]!),
    }));
}

function noteIn(grants: DailyGrant[]) {
  return (grant: DailyGrant): Promise<void> => {
    grants.push(grant);
    return Promise.resolve();
  };
}

Deno.test("createPlanQuestion() asks once a day, before the first call that is paid for", () =>
  answeringKey([plan], async ({ find, resolver, context, clock, grants, paths, calls }) => {
    await find();
    await find();
    await resolver.checkIsbns(["9781402894626"], context);
    assertEquals(paths(), ["key", "books", "books", "books"]);
    assertEquals(grants, [{ granted: 5000, spent: 412 }]);
    assertEquals(calls.length, 4);
    clock.advance(DAY_MS);
    await resolver.checkIsbns(["9781402894626"], context);
    assertEquals(paths().slice(4), ["key", "books"]);
    assertEquals(grants.length, 2);
  }));

Deno.test("createPlanQuestion() lets calls at the same time wait for one answer", () =>
  answeringKey([plan], async ({ find, paths }) => {
    await Promise.all([find(), find(), find()]);
    assertEquals(paths(), ["key", "books", "books", "books"]);
  }));

Deno.test("createPlanQuestion() hinders nobody when it gets no answer, and tells of it once", async () => {
  const failures: readonly Answer[] = [
    Response.json({ message: "Full authentication is required" }, { status: 401 }),
    Response.json({ message: "Forbidden" }, { status: 403 }),
    Response.json({ message: "Daily quota exceeded" }, { status: 429 }),
    nothing,
    htmlPage(503),
    htmlPage(200),
    Response.json({ plan_limit: null }),
    Response.json({ plan_limit: { total: "unlimited", spent: -1 } }),
    Response.json({ plan_limit: { total: 1e12, spent: 0 } }),
    silence,
  ];
  for (const failure of failures) {
    const told: string[] = [];
    await answeringKey([failure], async ({ find, grants, paths }) => {
      assertEquals(await find(), { kind: "not_found" });
      assertEquals(await find(), { kind: "not_found" });
      assertEquals(paths(), ["key", "books", "books"]);
      assertEquals(grants, []);
      assertEquals(told.filter((kind) => kind === "failed").length, 1);
    }, { timeoutMs: 1500, onEvent: ({ kind }) => void told.push(kind) });
  }
});

Deno.test("createPlanQuestion() asks again when who asked was called off", async () => {
  const stop = new AbortController();
  const stopping = () => {
    stop.abort();
    return silence();
  };
  await answeringKey([stopping, plan], async ({ find, grants, paths }) => {
    await find({}, stop.signal).catch(() => {});
    await find();
    assertEquals(paths(), ["key", "key", "books"]);
    assertEquals(grants.length, 1);
  });
});

Deno.test("createPlanQuestion() asks nothing when nobody wants to know", async () => {
  const make = (http: HttpOptions): Resolver => createIsbndb({ ...http, apiKey: "k" });
  await withFixtures({ make, answers: [nothing] }, async ({ find, arrived }) => {
    await find();
    assertEquals(arrived.map(({ path }) => path.startsWith("/key")), [false]);
  });
});

Deno.test("createPlanQuestion() reads the simulator's plan, with what others spent", async () => {
  const grants: DailyGrant[] = [];
  await withSimulatedCatalogues({
    service: "isbndb",
    make: (http) => createIsbndb({ ...http, apiKey: SIMULATOR_KEY, onGrant: noteIn(grants) }),
    options: { plans: { isbndb: { dailyQuota: 500 } } },
  }, async ({ find, simulator }) => {
    const headers = { authorization: SIMULATOR_KEY };
    for (let call = 1; call <= 3; call++) {
      const response = await fetch(`${simulator.url}/isbndb/book/9781402894626`, { headers });
      await response.body?.cancel();
    }
    await find();
    assertEquals(grants, [{ granted: 500, spent: 3 }]);
    assertEquals(simulator.journal.entries().at(-2)?.path, "/key");
    assertEquals(simulator.journal.entries().at(-2)?.cost, 0);
  });
});

Deno.test("createPlanQuestion() passes on the host of the plan, also without a quota", async () => {
  const answers = [
    plan,
    Response.json({ plan_limit: { total: 1, spent: 0 } }),
    Response.json({ api_host: 7, plan_limit: { total: 1, spent: 0 } }),
  ];
  for (const [index, answer] of answers.entries()) {
    const hosts: string[] = [];
    const onHost = (host: string): Promise<void> => {
      hosts.push(host);
      return Promise.resolve();
    };
    const make = (http: HttpOptions): Resolver => createIsbndb({ ...http, apiKey: "k", onHost });
    await withFixtures({ make, answers: [answer, nothing] }, async ({ find, arrived }) => {
      await find();
      assertEquals(arrived[0]?.path, "/key");
      assertEquals(hosts, [["api2.isbndb.com"], [], ["7"]][index]!);
    });
  }
});

databaseTest(
  "createPlanQuestion() is put again when the database stopped it before it left",
  async (database) => {
    const { sql } = database;
    const parts = { database, clock: systemClock, log: createLog(), database_wait_ms: 50 };
    const { gate } = providerLimits(parts, { provider: "isbndb", ratePerSecond: 1_000 });
    await answeringKey([plan], async ({ find, paths, grants }) => {
      await sql`ALTER TABLE provider_health RENAME TO provider_health_away`;
      const stopped = await assertRejects(() => find());
      assertEquals(toAppError(stopped).code, "DATABASE_REFUSED");
      await sql`ALTER TABLE provider_health_away RENAME TO provider_health`;
      assertEquals(await find(), { kind: "not_found" });
      assertEquals([paths(), grants.length], [["key", "books"], 1]);
    }, { gate: gate! });
  },
);

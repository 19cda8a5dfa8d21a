// About provider_limits.ts, shared_gate.ts
import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { type Clock, systemClock } from "../../src/clock.ts";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { createSharedGate } from "../../src/limits/shared_gate.ts";
import type { CallGate } from "../../src/domain/providers/call_gate.ts";
import { createLog } from "../../src/log.ts";
import { providerLimits, type SharedLimits } from "../../src/limits/provider_limits.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { standingClock } from "../support/standing_clock.ts";

const never = new AbortController().signal;

const WAITING = { log: createLog(), database_wait_ms: 10_000 };
function gate(
  database: Database,
  { clock, ratePerSecond = Infinity, limit, zone = "utc" }: {
    clock: Clock;
    ratePerSecond?: number;
    limit?: number;
    zone?: "utc" | "pacific";
  },
): CallGate {
  return createSharedGate({ database, clock, ...WAITING }, {
    provider: "isbndb",
    ratePerSecond,
    quota: limit === undefined ? null : { limit, buffer: 0, zone },
    onObstacle: () => {},
  });
}

function enter(one: CallGate, cost = 1): ReturnType<CallGate["enter"]> {
  return one.enter({ cost, maxWaitMs: 60_000, signal: never });
}

databaseTest("two processes together keep to one pace", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  const gates = [
    gate(database, { clock, ratePerSecond: 2 }),
    gate(database, { clock, ratePerSecond: 2 }),
  ];
  await Promise.all(Array.from({ length: 6 }, (_, index) => enter(gates[index % 2]!)));
  assertEquals(clock.slept.toSorted((a, b) => a - b), [550, 1100, 1650, 2200, 2750]);
});

databaseTest("a turn too far away is refused and not taken", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  const slow = gate(database, { clock, ratePerSecond: 0.1 });
  await enter(slow);
  const refusal = await slow.enter({ cost: 1, maxWaitMs: 5_000, signal: never });
  assertEquals(refusal?.code, "PROVIDER_RATE_LIMITED");
  assertEquals(await slow.enter({ cost: 1, maxWaitMs: 20_000, signal: never }), null);
  assertEquals(clock.slept, [11_000]);
});

databaseTest("the day's quota is never exceeded, however many ask at once", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  const gates = Array.from({ length: 3 }, () => gate(database, { clock, limit: 10 }));
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => enter(gates[index % 3]!)),
  );
  assertEquals(answers.filter((answer) => answer === null).length, 10);
  assertEquals(answers.find((answer) => answer)?.until, new Date("2026-11-22T00:00:02Z"));
});

databaseTest("a batch takes as much of the quota as it costs, or nothing", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  const one = gate(database, { clock, limit: 10 });
  assertEquals(await enter(one, 7), null);
  assertEquals((await enter(one, 4))?.code, "PROVIDER_QUOTA_SPENT");
  assertEquals(await enter(one, 3), null);
  assertEquals((await enter(one, 11))?.code, "PROVIDER_QUOTA_SPENT");
});

databaseTest("a quota starts anew just after the provider's own midnight", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  const utc = gate(database, { clock, limit: 1 });
  assertEquals(await enter(utc), null);
  assertEquals((await enter(utc))?.until, new Date("2026-11-22T00:00:02Z"));
  clock.put("2026-11-22T00:00:03Z");
  assertEquals(await enter(utc), null);

  const pacific = createSharedGate({ database, clock, ...WAITING }, {
    provider: "google_books",
    ratePerSecond: Infinity,
    quota: { limit: 1, buffer: 0, zone: "pacific" },
    onObstacle: () => {},
  });
  clock.put("2026-11-22T07:59:00Z");
  assertEquals(await enter(pacific), null);
  assertEquals((await enter(pacific))?.until, new Date("2026-11-22T08:00:02Z"));
  clock.put("2026-11-22T08:00:03Z");
  assertEquals(await enter(pacific), null);
});

databaseTest(
  "around midnight a call counts on both days, as it may arrive on either",
  async (database) => {
    const clock = standingClock("2026-11-21T23:59:59Z");
    const one = gate(database, { clock, limit: 2 });
    assertEquals(await enter(one), null);
    clock.put("2026-11-22T00:00:01Z");
    assertEquals(await enter(one), null);
    assertEquals((await enter(one))?.until, new Date("2026-11-22T00:00:02Z"));
    clock.put("2026-11-22T12:00:00Z");
    assertEquals((await enter(one))?.until, new Date("2026-11-23T00:00:02Z"));
  },
);

databaseTest(
  "a request called off while it waits for its turn uses nothing of the day",
  async (database) => {
    const one = gate(database, { clock: systemClock, ratePerSecond: 0.02, limit: 5 });
    await enter(one);
    const stop = new AbortController();
    const waiting = one.enter({ cost: 1, maxWaitMs: 60_000, signal: stop.signal });
    stop.abort();
    await waiting.then(() => assert(false, "it left"), () => {});
    const [row] = await database.sql`SELECT used FROM provider_quota`;
    assertEquals(row!.used, 1);
  },
);

databaseTest("what one process finds holds all of them, until it ends", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  const limits = {
    provider: "isbndb",
    ratePerSecond: 5,
    quota: { limit: 100, buffer: 10, zone: "utc" as const },
  };
  const [one, two] = [1, 2].map(() =>
    providerLimits({ database, clock, log: createLog() }, limits)
  );
  const health = async (): Promise<unknown> => {
    const [row] = await database.sql`SELECT state, code FROM provider_health`;
    return row && { ...row };
  };
  one!.onEvent({
    kind: "breaker_opened",
    provider: "isbndb",
    code: "PROVIDER_QUOTA_SPENT",
    message: "daily limit",
    until: "2026-11-22T00:00:00.000Z",
  });
  while (!(await health())) await systemClock.sleep(5);
  assertEquals(await health(), { state: "open", code: "PROVIDER_QUOTA_SPENT" });
  const refusal = await enter(two!.gate!);
  assertEquals(refusal?.until, new Date("2026-11-22T00:00:00Z"));
  clock.put("2026-11-22T00:00:03Z");
  assertEquals(await enter(two!.gate!), null);
  const answered = { kind: "answered", provider: "isbndb", status: 200, attempt: 1, latency_ms: 5 };
  two!.onEvent(answered as Parameters<SharedLimits["onEvent"]>[0]);
  while ((await health() as { state: string }).state === "open") await systemClock.sleep(5);
  const [quota] = await database.sql`SELECT used FROM provider_quota WHERE day = '2026-11-21'`;
  assertEquals(quota!.used, 100);
});

databaseTest(
  "a refused key holds back its own users, and any other obstacle all",
  async (database) => {
    const clock = standingClock("2026-11-21T12:00:00Z");
    const withKey = (credential: string | undefined) =>
      providerLimits({ database, clock, log: createLog() }, {
        provider: "isbndb",
        ratePerSecond: 1000,
        quota: null,
        credential,
      });
    const [old, same, other, none] = ["old", "old", "new", undefined].map(withKey);
    const report = async (code: string): Promise<void> => {
      const until = "2026-11-21T13:00:00.000Z";
      old!.onEvent({ kind: "breaker_opened", provider: "isbndb", code, message: code, until });
      const isStored = async () =>
        (await database.sql`SELECT 1 FROM provider_health WHERE code = ${code}`).length === 1;
      while (!(await isStored())) await systemClock.sleep(5);
    };
    await report("PROVIDER_KEY_REFUSED");
    const [row] = await database.sql`SELECT credential FROM provider_health`;
    // The first 12 digits of `printf old | sha256sum`.
    assertEquals(row!.credential, "cba06b5736fa");
    assertEquals((await enter(same!.gate!))?.until, new Date("2026-11-21T13:00:00Z"));
    assertEquals(await enter(other!.gate!), null);
    assert(await enter(none!.gate!), "without a key to compare the obstacle holds");
    await report("PROVIDER_REJECTED_REQUEST");
    assertEquals((await enter(same!.gate!))?.code, "PROVIDER_REJECTED_REQUEST");
    assertEquals(await enter(other!.gate!), null, "another model may be there");
    await report("PROVIDER_QUOTA_SPENT");
    assert(await enter(other!.gate!), "a spent quota may be the account's");
  },
);

databaseTest(
  "what the provider grants binds when it is less, never when it is more",
  async (database) => {
    const clock = standingClock("2026-11-21T12:00:00Z");
    const [one, two] = [1, 2].map(() =>
      providerLimits({ database, clock, log: createLog() }, {
        provider: "isbndb",
        ratePerSecond: Infinity,
        quota: { limit: 90, buffer: 10, zone: "utc" },
      })
    );
    assertEquals(await enter(one!.gate!, 5), null);
    await one!.onGrant!({ granted: 5_000, spent: 0 });
    assertEquals((await enter(two!.gate!, 86))?.code, "PROVIDER_QUOTA_SPENT");
    // Another program spent 30; ten of the forty that are left are the buffer.
    await one!.onGrant!({ granted: 70, spent: 30 });
    assertEquals((await enter(two!.gate!, 31))?.code, "PROVIDER_QUOTA_SPENT");
    assertEquals(await enter(two!.gate!, 30), null);
    assertEquals((await enter(one!.gate!))?.code, "PROVIDER_QUOTA_SPENT");
    await two!.onGrant!({ granted: 70, spent: 20 });
    assertEquals((await enter(one!.gate!))?.code, "PROVIDER_QUOTA_SPENT");
    clock.put("2026-11-22T12:00:00Z");
    assertEquals(await enter(one!.gate!, 90), null);
  },
);

databaseTest("a grant that cannot be written hinders nobody", async (database) => {
  const { onGrant } = providerLimits({ database, clock: systemClock, log: createLog() }, {
    provider: "isbndb",
    ratePerSecond: Infinity,
    quota: { limit: 90, buffer: 10, zone: "utc" },
  });
  await database.sql`DROP TABLE provider_quota`;
  await onGrant!({ granted: 70, spent: 30 });
});

databaseTest(
  "another host than that of the settings is told until it is the same",
  async (database) => {
    const told = async (): Promise<string[]> =>
      (await listOpenAlerts(database.sql)).map(({ cause, advice }) => `${cause}. ${advice}`);
    const onHost = async (baseUrl: string, host: string): Promise<void> => {
      const limits = providerLimits({ database, clock: systemClock, log: createLog() }, {
        provider: "isbndb",
        ratePerSecond: Infinity,
        address: { setting: "ISBNDB_BASE_URL", baseUrl },
      });
      await limits.onHost!(host);
    };
    const basic = "https://api2.isbndb.com";
    await onHost(basic, "api2.isbndb.com");
    await onHost(`${basic}:443/v2`, "https://API2.isbndb.com/");
    for (const damaged of ["", "nobody knows", "\u001b[2J", "api2.isbndb.com/../x"]) {
      await onHost(basic, damaged);
    }
    assertEquals(await told(), []);
    await onHost(basic, "api.premium.isbndb.com");
    await onHost(basic, "api.premium.isbndb.com");
    const [words = ""] = await told();
    assertStringIncludes(words, "names api.premium.isbndb.com as the host of the key's plan");
    assertStringIncludes(words, "Set ISBNDB_BASE_URL to https://api.premium.isbndb.com");
    await onHost("https://api.premium.isbndb.com", "api.premium.isbndb.com");
    assertEquals(await told(), []);
  },
);

databaseTest("who wakes too late for a turn takes another", async (database) => {
  const clock = standingClock("2026-11-21T12:00:00Z");
  let oversleepMs = 300;
  const drowsy: Clock = {
    ...clock,
    sleep(ms) {
      clock.put(new Date(clock.now().getTime() + ms + oversleepMs).toISOString());
      oversleepMs = 0;
      return clock.sleep(ms);
    },
  };
  const slow = gate(database, { clock: drowsy, ratePerSecond: 2, limit: 10 });
  await enter(slow);
  await enter(slow);
  // The turn after 550 ms was missed by 300; the next one is at 1,100.
  assertEquals(clock.slept, [550, 250]);
  const [row] = await database.sql`SELECT used FROM provider_quota`;
  assertEquals(row!.used, 2);
});

databaseTest("real time keeps the pace too", async (database) => {
  const one = gate(database, { clock: systemClock, ratePerSecond: 20 });
  // The first turn comes no earlier than this, however late the machine hears of it.
  const begunMs = systemClock.monotonicMs();
  await Promise.all(Array.from({ length: 12 }, () => enter(one)));
  const seconds = (systemClock.monotonicMs() - begunMs) / 1000;
  assertLessOrEqual(11 / seconds, 20);
});

import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import {
  connectionAttempts,
  whyUnwanted,
} from "../../../src/domain/connection/connection_attempts.ts";
import {
  type ConnectionTarget,
  describeTarget,
  type ServerAddress,
} from "../../../src/domain/connection/connection_target.ts";
import { readConnectionUrl } from "../../../src/domain/connection/connection_url.ts";

function targetOf(url: string, variables: Record<string, string> = {}): ConnectionTarget {
  const read = readConnectionUrl(url, variables);
  assert("target" in read, "problem" in read ? read.problem : "");
  return read.target;
}

function problemOf(url: string): string {
  const read = readConnectionUrl(url);
  assert("problem" in read, `${url} was taken`);
  return read.problem;
}

function modeOf(url: string): string | undefined {
  const [address] = targetOf(url).addresses;
  return address?.kind === "tcp" ? address.ssl_mode : undefined;
}

const tcp = (host: string, port: number, connect_to = host): ServerAddress => ({
  kind: "tcp",
  host,
  connect_to,
  port,
  ssl_mode: "require",
});

Deno.test("readConnectionUrl() takes hosts, ports and sockets as libpq does", () => {
  const cases: [string, ServerAddress[]][] = [
    ["postgres://u@db.example", [tcp("db.example", 5432)]],
    ["postgres://u@db.example:6543", [tcp("db.example", 6543)]],
    ["postgres://u@a:1,b,[2001:db8::1]:3/d", [tcp("a", 1), tcp("b", 5432), tcp("2001:db8::1", 3)]],
    ["postgres://u@/d?host=a,b&port=7", [tcp("a", 7), tcp("b", 7)]],
    ["postgres://u@/d?host=2001:db8::1", [tcp("2001:db8::1", 5432)]],
    ["postgres://u@d?host=/cloudsql/project:region:name", [
      { kind: "socket", path: "/cloudsql/project:region:name", port: 5432 },
    ]],
    ["postgres://u@%2Fvar%2Frun,b/d", [
      { kind: "socket", path: "/var/run", port: 5432 },
      tcp("b", 5432),
    ]],
    ["postgres://u@name/d?hostaddr=10.0.0.9", [tcp("name", 5432, "10.0.0.9")]],
  ];
  for (const [url, addresses] of cases) assertEquals(targetOf(url).addresses, addresses, url);
});

Deno.test("readConnectionUrl() encrypts by default except on this machine", () => {
  for (const host of ["localhost", "db.localhost", "127.0.0.1", "127.9.9.9", "[::1]"]) {
    assertEquals(modeOf(`postgres://u@${host}/d`), "disable", host);
  }
  for (
    const host of ["db", "localhost.example", "10.0.0.1", "192.168.1.1", "[fe80::1]", "128.0.0.1"]
  ) {
    assertEquals(modeOf(`postgres://u@${host}/d`), "require", host);
  }
});

Deno.test("readConnectionUrl() takes every driver's words for the encryption", () => {
  const modes: [string, string][] = [
    ["sslmode=disable", "disable"],
    ["sslmode=Prefer", "prefer"],
    ["ssl=true", "require"],
    ["ssl=1", "require"],
    ["ssl=false", "disable"],
    ["ssl=verify-full", "verify-full"],
    ["sslmode=no-verify", "require"],
    ["ssl=true&sslmode=verify-ca", "verify-ca"],
    ["sslmode=require&sslrootcert=/ca.pem", "verify-ca"],
    ["sslrootcert=/ca.pem", "verify-full"],
    ["sslrootcert=system", "verify-full"],
    ["sslmode=require&sslaccept=strict", "verify-full"],
    ["sslmode=require&sslaccept=accept_invalid_certs", "require"],
    ["sslmode=", "require"],
  ];
  for (const [query, mode] of modes) {
    assertEquals(modeOf(`postgres://u@db/d?${query}`), mode, query);
  }
  assertMatch(problemOf("postgres://u@db/d?ssl=maybe"), /ssl=maybe, which must be one of disable/);
  assertMatch(
    problemOf("postgres://u@db/d?sslmode=require&sslrootcert=system"),
    /must be verify-full with sslrootcert=system/,
  );
});

Deno.test("readConnectionUrl() takes any user, password and database that is escaped", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((one) => !one.includes("\0"));
  fc.assert(fc.property(
    text,
    text,
    text,
    (user, password, database) => {
      const [u, p, d] = [user, password, database].map(encodeURIComponent);
      for (
        const url of [
          `postgres://${u}:${p}@h/${d}`,
          `postgres://h?user=${u}&password=${p}&dbname=${d}`,
        ]
      ) {
        const target = targetOf(url);
        assertEquals([target.user, target.password, target.database], [user, password, database]);
      }
    },
  ));
});

Deno.test("readConnectionUrl() keeps a password that is not escaped out of what it says", () => {
  const secret = fc.string({
    unit: fc.constantFrom(..."@/?#%&=:,[]+sslmode".split("")),
    minLength: 3,
  });
  fc.assert(
    fc.property(secret, (middle) => {
      const read = readConnectionUrl(`postgres://user:XyZ${middle}ZyX@host:5432/database`);
      const said = "problem" in read
        ? read.problem
        : `${describeTarget(read.target)} ${read.target.ignored_parameters}`;
      assert(!/XyZ|ZyX/.test(said), said);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("readConnectionUrl() splits options into settings and what a proxy wants to hear", () => {
  const options = (text: string) => targetOf(`postgres://u@h/d?options=${text}`);
  assertEquals(
    options("endpoint%3Dep-cool-1%20-c%20geqo%3Doff").startup_options,
    "endpoint=ep-cool-1",
  );
  assertEquals(options("-c%20a.b%3D1+-cx%3Dtwo%5C%20words+--search-path%3Ds").settings, {
    "a.b": "1",
    x: "two words",
    search_path: "s",
  });
  assertEquals(options("project%3Da%5C%20b").startup_options, "project=a\\ b");
  assertEquals(options("-c%20DateStyle%3DSQL").ignored_parameters, ["options -c datestyle"]);
  assertMatch(problemOf("postgres://u@h/d?options=-c"), /-c is not followed by name=value/);
  assertEquals(targetOf('postgres://u@h/d?schema=a"b').settings, { search_path: '"a""b"' });
});

Deno.test("readConnectionUrl() bounds times and counts", () => {
  const read = (query: string) => targetOf(`postgres://u@h/d?${query}`);
  assertEquals(read("").connect_timeout_ms, 10_000);
  assertEquals(read("connect_timeout=3").connect_timeout_ms, 3_000);
  assertEquals(read("connect_timeout=0").connect_timeout_ms, 300_000);
  assertEquals(read("keepalives=0&keepalives_idle=9").keep_alive_ms, null);
  assertEquals(read("keepalives_idle=9").keep_alive_ms, 9_000);
  assertEquals(read("max=4").connection_limit, 4);
  for (
    const query of [
      "connection_limit=0",
      "pool_size=many",
      "connect_timeout=1.5",
      "keepalives_idle=-1",
    ]
  ) {
    assertMatch(problemOf(`postgres://u@h/d?${query}`), /must be a whole number of at least/);
  }
});

Deno.test("readConnectionUrl() knows a pooler by any driver's words", () => {
  const words = ["pgbouncer=true", "prepare=false", "prepareThreshold=0", "statement_cache_size=0"];
  for (const word of words) assert(targetOf(`postgres://u@h/d?${word}`).is_pooled, word);
  for (const word of ["pgbouncer=false", "prepare=true", "prepareThreshold=5"]) {
    assert(!targetOf(`postgres://u@h/d?${word}`).is_pooled, word);
  }
});

Deno.test("readConnectionUrl() fills in from the variables what the URL leaves out", () => {
  const variables = { PGHOST: "h", PGPASSWORD: "p", PGPORT: "1", USER: "account" };
  assertEquals(targetOf("postgres://", variables).user, "account");
  assertEquals(targetOf("postgres://", { ...variables, PGUSER: "u" }).user, "u");
  assertEquals(targetOf("postgres://me:own@other/", variables).password, "own");
  assertEquals(targetOf("postgres://me@other", variables).addresses, [tcp("other", 1)]);
  assertEquals(targetOf("postgres://me@other:2", variables).addresses, [tcp("other", 2)]);
});

Deno.test("readConnectionUrl() says in one sentence what cannot be used", () => {
  const problems: [string, RegExp][] = [
    ["", /must begin with postgres:\/\//],
    ['"postgres://u@h/d"', /quotation marks/],
    ["host=h user=u", /must begin with postgres:\/\//],
    ["postgres://u%00x:p@h/d", /has a %00/],
    ["postgres://u@h,i/d?port=1,2,3", /ports for another number of hosts/],
    ["postgres://u@h,i/d?hostaddr=10.0.0.1", /hostaddr for another number of hosts/],
    ["postgres://u@h:0/d", /no number from 1 to 65535/],
    ["postgres://u@h:65536/d", /no number from 1 to 65535/],
    ["postgres://u@h,/d", /has a host that is no name/],
    ["postgres://u@/d?host=h:5433", /port of a host= belongs in port=/],
    ["postgres://u@[::1/d", /brackets/],
    ["postgres://u@h/d?sslmode", /not of the form name=value/],
    [
      "postgres://u@h/d?target_session_attrs=best",
      /target_session_attrs=best, which must be one of/,
    ],
    ["postgres://u@h/d?passfile=/f", /write the password into the URL/],
    ["postgres://u@h/d?sslkey=/f", /sslkey but without sslcert/],
  ];
  for (const [url, problem] of problems) assertMatch(problemOf(url), problem, url);
});

Deno.test("connectionAttempts() goes through the addresses, and back for a preferred standby", () => {
  const ways = (query: string) =>
    connectionAttempts(targetOf(`postgres://u@a,/d?host=a,b&${query}`)).map((attempt) =>
      `${attempt.address.kind === "tcp" ? attempt.address.host : ""} ${attempt.encryption}` +
      `${attempt.is_alternative ? " else" : ""} ${attempt.wanted}`
    );
  assertEquals(ways("sslmode=prefer"), [
    "a if offered any",
    "a none else any",
    "b if offered any",
    "b none else any",
  ]);
  assertEquals(ways("sslmode=allow").slice(0, 2), ["a none any", "a demanded else any"]);
  assertEquals(ways("target_session_attrs=prefer-standby"), [
    "a demanded standby",
    "b demanded standby",
    "a demanded any",
    "b demanded any",
  ]);
});

Deno.test("whyUnwanted() judges servers as libpq does, and those that do not say kindly", () => {
  const primary = { in_hot_standby: "off", default_transaction_read_only: "off" };
  const standby = { in_hot_standby: "on", default_transaction_read_only: "off" };
  const frozen = { in_hot_standby: "off", default_transaction_read_only: "on" };
  const verdicts = (["read-write", "read-only", "primary", "standby", "any"] as const).map((
    wanted,
  ) => [primary, standby, frozen, {}].map((state) => whyUnwanted(wanted, state) === null));
  assertEquals(verdicts, [
    [true, false, false, true],
    [false, true, true, true],
    [true, false, true, true],
    [false, true, false, true],
    [true, true, true, true],
  ]);
});

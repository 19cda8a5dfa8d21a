import { assert, assertEquals, assertFalse } from "@std/assert";
import { SETTING_NAMES } from "../../src/config.ts";
import { permissionFlags, type Program } from "../../src/cli/permission_flags.ts";

/** The items of one permission's list. */
function listOf(kind: string, program: Program, environment: Record<string, string>): string[] {
  const flag = permissionFlags(program, environment).find((one) =>
    one.startsWith(`--allow-${kind}=`)
  );
  return flag?.slice(`--allow-${kind}=`.length).split(/(?<!,),(?!,)/) ?? [];
}

Deno.test("permissionFlags() names every host of the settings with its port", () => {
  const net = listOf("net", "service", {
    HOST: "::1",
    PORT: "8001",
    DATABASE_URL: "postgres://user:secret@db.example/books?sslmode=require",
    LLM_BASE_URL: "http://somehost:11434/v1",
    LLM_MODEL: "some-model",
    XAI_BASE_URL: "http://plain.example",
    OPEN_LIBRARY_BASE_URL: "https://[2001:db8::7]/mirror",
  });
  for (
    const host of [
      "[::1]:8001",
      "db.example:5432",
      "somehost:11434",
      "plain.example:80",
      "[2001:db8::7]:443",
      "api2.isbndb.com:443",
    ]
  ) assert(net.includes(host), `${host} is not among ${net.join(" ")}`);
  assertFalse(net.includes("api.x.ai:443"), "a default that was replaced");
  assert(net.every((host) => /:\d+$/.test(host)), "a host without a port is every port of it");
});

Deno.test("permissionFlags() writes in the data folder only", () => {
  assertEquals(listOf("write", "service", {}), [".data"]);
  assertEquals(listOf("write", "service", { DATA_DIR: "/var/lib/a,b" }), ["/var/lib/a,,b"]);
  assertEquals(listOf("write", "demo", { DATA_DIR: "/var/lib/a" }), ["/var/lib/a/demo"]);
});

Deno.test("permissionFlags() lets the settings be read, and what a database client looks for", () => {
  for (const program of ["service", "demo"] as const) {
    const names = listOf("env", program, {});
    assertEquals(names, [...SETTING_NAMES, "PG*", "LOGNAME", "USER", "USERNAME"]);
  }
});

Deno.test("permissionFlags() reaches a database as DATABASE_URL and its variables name it", () => {
  const environment = {
    DATABASE_URL:
      "postgres://u@name.example,[::1]:6543/d?hostaddr=10.0.0.9,::1&sslmode=verify-full",
    PGSSLROOTCERT: "/etc/authority.pem",
  };
  const socket = { DATABASE_URL: "postgres://u@/d?host=/var/run/postgresql" };
  for (const program of ["service", "demo"] as const) {
    const net = listOf("net", program, environment);
    for (const host of ["10.0.0.9:5432", "[::1]:6543"]) assert(net.includes(host), net.join(" "));
    assert(listOf("read", program, environment).includes("/etc/authority.pem"));
    const path = "/var/run/postgresql/.s.PGSQL.5432";
    assert(listOf("net", program, socket).includes(`unix:${path}`));
    for (const kind of ["read", "write"]) assert(listOf(kind, program, socket).includes(path));
  }
});

Deno.test("permissionFlags() lets the demo speak to this machine, and to a database it is given", () => {
  assertEquals(listOf("net", "demo", {}), ["127.0.0.1"]);
  assertEquals(
    listOf("net", "demo", { HOST: "0.0.0.0", DATABASE_URL: "postgres://u@db.example:6000/books" }),
    ["127.0.0.1", "0.0.0.0", "db.example:6000"],
  );
});

Deno.test("permissionFlags() gives nothing on settings it cannot understand, and never a flag more", () => {
  for (const environment of [{ PORT: "many" }, { DATA_DIR: "/a --allow-all" }]) {
    const kinds = permissionFlags("service", environment).map((flag) => flag.split("=")[0]);
    assertEquals(kinds, ["--no-prompt", "--allow-env"]);
  }
  for (const program of ["service", "demo"] as const) {
    const flags = permissionFlags(program, { HOST: "127.0.0.1 --allow-all", DATA_DIR: ".data" });
    assert(flags.every((flag) => !/\s/.test(flag)), flags.join("|"));
  }
});

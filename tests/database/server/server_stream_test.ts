import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { StartupReader } from "../../../src/database/server/startup_reader.ts";
import { AppError, toAppError } from "../../../src/errors.ts";
import { TEST_DATABASE_URL } from "../../support/postgres/databases.ts";
import { execFile } from "../../support/machine/exec_file.ts";
import { startTcpProxy } from "../../support/network/tcp_proxy.ts";

const loose = { sanitizeOps: false, sanitizeResources: false };
const onServer = { ...loose, ignore: TEST_DATABASE_URL === null };

/** Something on a port that answers whoever begins to speak with these bytes, or with nothing. */
function startImpostor(answer: Uint8Array | null): { host: string; close(): void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.Conn[] = [];
  void (async () => {
    for await (const connection of listener) {
      open.push(connection);
      await connection.read(new Uint8Array(1024));
      if (answer !== null) await connection.write(answer);
    }
  })();
  return {
    host: `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    close() {
      listener.close();
      for (const connection of open) connection.close();
    },
  };
}

function message(kind: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from(kind), length, Buffer.from(body)]);
}

const STARTING_UP = message("E", "SFATAL\0C57P03\0Mthe database system is starting up\0\0");

/** The test server's URL with hosts to be tried before it. */
function behind(hosts: readonly string[], query = ""): string {
  const { host, port, username, password, pathname } = new URL(TEST_DATABASE_URL!);
  const user = password === "" ? username : `${username}:${password}`;
  const last = port === "" ? `${host}:5432` : host;
  return `postgres://${user}@${[...hosts, last].join(",")}${pathname}?${query}`;
}

Deno.test(
  "a host that says nothing costs its time limit, and the next is asked",
  onServer,
  async () => {
    const silent = startImpostor(null);
    for (const mode of ["disable", "prefer"]) {
      const url = behind([silent.host], `connect_timeout=1&sslmode=${mode}`);
      const database = await openServerDatabase(url, { maxConnections: 1 });
      assertEquals([...await database.sql`SELECT 1 AS one`], [{ one: 1 }]);
      await database.close();
    }
    silent.close();
  },
);

Deno.test("a host that says nothing is named when it is the only one", loose, async () => {
  const silent = startImpostor(null);
  const url = `postgres://app:hidden@${silent.host}/books?connect_timeout=1&sslmode=require`;
  const { message } = await assertRejects(() => openServerDatabase(url), AppError);
  assertMatch(message, new RegExp(`database at ${silent.host}/books: no answer within 1 s`));
  silent.close();
});

Deno.test(
  "a server that is starting up is passed over, or named when alone",
  onServer,
  async () => {
    const starting = startImpostor(STARTING_UP);
    const database = await openServerDatabase(behind([starting.host]), { maxConnections: 1 });
    assertEquals([...await database.sql`SELECT 1 AS one`], [{ one: 1 }]);
    await database.close();
    const alone = `postgres://app@${starting.host}/books`;
    const { message } = await assertRejects(() => openServerDatabase(alone), AppError);
    assertMatch(message, /the database system is starting up/);
    starting.close();
  },
);

Deno.test(
  "what is slipped in before the encryption begins is not taken for the server's",
  loose,
  async () => {
    const between = startImpostor(Buffer.concat([Buffer.from("S"), message("R", "\0\0\0\0")]));
    const url = `postgres://app:hidden@${between.host}/books?sslmode=require`;
    const { message: said } = await assertRejects(() => openServerDatabase(url), AppError);
    assertMatch(said, /said more than it was asked/);
    between.close();
  },
);

Deno.test("a connection that chose its server carries anything, both ways", onServer, async () => {
  const url = behind(["127.0.0.1:1"], "target_session_attrs=read-write");
  const { sql, close } = await openServerDatabase(url, { maxConnections: 2 });
  const long = "Bücher ".repeat(300_000);
  const [echo] = await sql<{ text: string }[]>`SELECT ${long}::text AS text`;
  assert(echo!.text === long);
  const rows = await sql<{ i: number }[]>`SELECT i FROM generate_series(1, 100000) AS i`;
  assertEquals(rows.reduce((sum, { i }) => sum + i, 0), 5_000_050_000);
  await close();
});

Deno.test(
  "a host that goes away mid-transaction ends it, and the next host takes over",
  onServer,
  async () => {
    const { hostname, port } = new URL(TEST_DATABASE_URL!);
    const proxy = startTcpProxy({ hostname, port: Number(port || 5432) });
    const url = behind([`127.0.0.1:${proxy.port}`]);
    const { sql, close } = await openServerDatabase(url, { maxConnections: 1 });
    const error = await assertRejects(() =>
      sql.begin(async (tx) => {
        await tx`SELECT 1`;
        proxy.cut();
        await tx`SELECT 2`;
      })
    );
    assertEquals(toAppError(error).code, "DATABASE_UNREACHABLE");
    assertEquals([...await sql`SELECT 3 AS three`], [{ three: 3 }]);
    await close();
  },
);

Deno.test(
  "what sessions may do is asked of the session, not of the server alone",
  onServer,
  async () => {
    const admin = await openServerDatabase(TEST_DATABASE_URL!, { maxConnections: 1 });
    const role = `reader_${crypto.randomUUID().replaceAll("-", "")}`;
    await admin.execute(`CREATE ROLE ${role} LOGIN PASSWORD 'of-a-test'`);
    await admin.execute(`ALTER ROLE ${role} SET default_transaction_read_only TO on`);
    const asReader = (query: string): string => {
      const url = new URL(behind([], query));
      url.username = role;
      url.password = "of-a-test";
      return url.href;
    };
    const { message } = await assertRejects(
      () => openServerDatabase(asReader("target_session_attrs=read-write")),
      AppError,
    );
    assertMatch(message, /is read-only, which target_session_attrs does not want/);
    await (await openServerDatabase(asReader("target_session_attrs=read-only"))).close();
    await admin.execute(`DROP ROLE ${role}`);
    await admin.close();
  },
);

Deno.test({
  name: "the system is told to look after silent connections",
  ...onServer,
  ignore: onServer.ignore || Deno.build.os !== "linux",
  async fn() {
    const timerOf = async (query: string): Promise<string> => {
      const database = await openServerDatabase(behind([], query), { maxConnections: 1 });
      const [own] = await database.sql<{ port: number }[]>`SELECT inet_client_port() AS port`;
      let timer: string = RETRANSMISSION;
      while (timer === RETRANSMISSION) timer = await kernelTimer(own!.port);
      await database.close();
      return timer;
    };
    assertEquals(await timerOf(""), KEEP_ALIVE);
    assertEquals(await timerOf("keepalives=0"), NONE);
  },
});

const ESTABLISHED = "01";
const [NONE, RETRANSMISSION, KEEP_ALIVE] = ["00", "01", "02"] as const;

/** The timer Linux has on the open connection of a local port, as a table of its own names it. */
async function kernelTimer(port: number): Promise<string> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const table = await execFile("cat", ["/proc/net/tcp"]);
  const lines = table.split("\n").map((line) => line.trim().split(/\s+/));
  const line = lines.find(([, from, , state]) => from?.endsWith(local) && state === ESTABLISHED);
  return line![5]!.slice(0, 2);
}

Deno.test("StartupReader reads the same whatever way the bytes are cut", () => {
  const before = [
    message("R", "\0\0\0\0"),
    message("S", "in_hot_standby\0off\0"),
    message("S", "server_version\x0015.20\0"),
  ];
  const ready = Buffer.concat([message("Z", "I"), message("N", "later")]);
  const all = Buffer.concat([...before, ready]);
  for (let size = 1; size <= all.length; size++) {
    const reader = new StartupReader();
    const passed: Buffer[] = [];
    for (let at = 0; at < all.length; at += size) {
      const read = reader.read(all.subarray(at, at + size));
      passed.push(read.passed);
      if (read.end === null) continue;
      assert(read.end.kind === "ready");
      assertEquals(read.end.state.in_hot_standby, "off");
      assert(ready.subarray(0, read.end.rest.length).equals(read.end.rest));
      break;
    }
    assert(Buffer.concat(passed).equals(Buffer.concat(before)), `pieces of ${size}`);
  }
  const { end } = new StartupReader().read(STARTING_UP);
  assert(end?.kind === "refused");
  assertEquals([end.code, end.message], ["57P03", "the database system is starting up"]);
});

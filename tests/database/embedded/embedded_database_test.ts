import { assertEquals, assertRejects } from "@std/assert";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";
import { copyPostgresTemplate } from "../../support/postgres/postgres_template.ts";

const loose = { sanitizeOps: false, sanitizeResources: false };

Deno.test({
  name: "the embedded database listens nowhere, however often its connection is lost",
  ignore: Deno.build.os !== "linux",
  ...loose,
  async fn() {
    const directory = await Deno.makeTempDir();
    await copyPostgresTemplate(directory, { isMigrated: false });
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "tests/support/database_faults/watched_engine.ts", directory],
      cwd: new URL("../../../", import.meta.url),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), {
      sockets: [[], [], [], [], []],
      refused: 4,
      kept: [0, 1, 2, 3],
    });
    await Deno.remove(directory, { recursive: true });
  },
});

Deno.test(
  "a connection lost amid a statement that failed leaves the next one in order",
  loose,
  async () => {
    const database = await openEmbeddedDatabase(null, { transactionLimitMs: 20 });
    const { sql } = database;
    await assertRejects(() =>
      sql.begin(async (tx) => {
        await tx`SELECT ${1}::int / 0`.catch(() => {}); // what the transaction says of it is not asked
        await sql`SELECT 1`;
      })
    );
    const [row] = await sql`SELECT ${"whole"}::text AS state`;
    assertEquals(row!.state, "whole");
    await database.close();
  },
);

Deno.test("the engine keeps no second cache of its files in the process", loose, async () => {
  const { sql, close } = await openEmbeddedDatabase(null);
  const [row] = await sql`
    SELECT setting::int * 8192 / 1048576 AS megabytes FROM pg_settings WHERE name = 'shared_buffers'`;
  await close();
  assertEquals(row!.megabytes, 16);
});

Deno.test("answers of any size come whole", loose, async () => {
  const database = await openEmbeddedDatabase(null);
  const { sql } = database;
  const sizes = [0, 1, 1_000, 100_000, 3_000_000];
  for (const size of sizes) {
    const [row] = await sql`SELECT repeat('å', ${size}::int) AS text, ${
      "é".repeat(size)
    }::text AS back`;
    assertEquals([row!.text.length, row!.back.length], [size, size]);
  }
  const many = await Promise.all(sizes.map((size) => sql`SELECT ${size}::int AS size`));
  assertEquals(many.map(([row]) => row!.size), sizes);
  await database.close();
});

Deno.test({
  name: "the engine makes its files for their owner alone, whatever the umask",
  ignore: Deno.build.os === "windows",
  ...loose,
  async fn() {
    const directory = await Deno.makeTempDir();
    const database = await openEmbeddedDatabase(`${directory}/new`);
    await database.sql`CREATE TABLE thing (name text)`;
    await database.sql`INSERT INTO thing SELECT md5(n::text) FROM generate_series(1, 20000) n`;
    await database.sql`CREATE INDEX ON thing (name)`;
    await database.sql`CHECKPOINT`;
    await database.close();
    const open = [...openToOthers(`${directory}/new`)];
    await Deno.remove(directory, { recursive: true });
    assertEquals(open, []);
  },
});

/** Paths of which the group or everybody has any right. */
function* openToOthers(path: string): Generator<string> {
  const { mode, isDirectory } = Deno.lstatSync(path);
  if ((mode! & 0o077) !== 0) yield path;
  if (!isDirectory) return;
  for (const { name } of Deno.readDirSync(path)) yield* openToOthers(`${path}/${name}`);
}

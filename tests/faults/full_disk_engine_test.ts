import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { openEmbeddedDatabase } from "../../src/database/embedded/embedded_database.ts";
import { type AppError, toAppError } from "../../src/errors.ts";
import { copyPostgresTemplate } from "../support/postgres/postgres_template.ts";
import { diskTest } from "../support/machine/small_disk.ts";

const DISK_MB = 160;
/** More than an engine writes of what changed before it needs another file for it. */
const ROUNDS = 60;

diskTest(
  "an engine that gave up on a full disk is started again, with what was stored",
  DISK_MB,
  async (disk) => {
    const directory = `${disk.path}/postgres`;
    await copyPostgresTemplate(directory, { isMigrated: false });
    const { sql, close } = await openEmbeddedDatabase(directory);
    await sql.unsafe(`CREATE TABLE thing (round int, text text);
    INSERT INTO thing SELECT 0, repeat(md5(n::text), 60) FROM generate_series(1, 1000) n;
    DELETE FROM thing;
    INSERT INTO thing VALUES (0, 'kept')`);
    await sql.unsafe("VACUUM (TRUNCATE false) thing");
    await disk.fill();

    // Rows that find room where others were: only the record of what changed grows.
    let round = 0;
    const untilFull = async (): Promise<void> => {
      for (; round < ROUNDS; round++) {
        await sql`INSERT INTO thing SELECT ${round}, repeat(md5(n::text), 60) FROM generate_series(1, 400) n`;
        await sql`DELETE FROM thing WHERE text <> 'kept'`;
        await sql.unsafe("VACUUM (TRUNCATE false) thing");
      }
    };
    const given = toAppError(await assertRejects(untilFull));
    assertEquals(given.code, "DATABASE_FULL");
    assertStringIncludes(messageBelow(given), "pg_wal"); // or it was another kind of full

    // It can't be started again either: nothing hangs, and what strangers may read names no folder.
    let next = given;
    while (messageBelow(next) === messageBelow(given)) {
      await systemClock.sleep(100);
      next = toAppError(await assertRejects(() => sql`SELECT 1`));
    }
    assertEquals([next.code, next.message], [given.code, given.message]);

    await disk.makeRoom();
    let texts: unknown[] | null = null;
    while (texts === null) {
      await systemClock.sleep(100);
      texts = await sql`SELECT text FROM thing WHERE text = 'kept'`.then(
        (rows) => rows.map(({ text }) => text),
        (error) => {
          assertEquals(toAppError(error).code, "DATABASE_FULL");
          return null;
        },
      );
    }
    assertEquals(texts, ["kept"]);
    await close();
  },
);

diskTest("a start on a full disk advises to make room", DISK_MB, async (disk) => {
  const directory = `${disk.path}/postgres`;
  await copyPostgresTemplate(directory, { isMigrated: false });
  await disk.fill();
  const refusal = toAppError(await assertRejects(() => openEmbeddedDatabase(directory)));
  assertEquals(refusal.code, "DATABASE_FULL");
  assertStringIncludes(refusal.message, directory);
  await disk.makeRoom();
  const database = await openEmbeddedDatabase(directory);
  await database.close();
});

function messageBelow({ cause }: AppError): string {
  return cause instanceof Error ? cause.message : String(cause);
}

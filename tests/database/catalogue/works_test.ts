import { assertEquals, assertFalse } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { Queryable } from "../../../src/database/connection/connection.ts";
import { storeAuthors, storeWorks } from "../../../src/database/catalogue/works.ts";
import { seedMonths } from "../../../src/database/months/months.ts";
import { DATABASE_KINDS, databaseTest, withDatabase } from "../../support/postgres/databases.ts";

const NOBODY_KNOWN = { subtitle: null, language: null, first_published: null, completeness: 0 };

/** Stores works of these titles without authors and returns their ids. */
async function storeTitles(sql: Queryable, titles: readonly string[]): Promise<number[]> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const [month] = await sql<{ id: number }[]>`SELECT id FROM backfill_log ORDER BY id LIMIT 1`;
  const works = titles.map((title) => ({
    ...NOBODY_KNOWN,
    title,
    title_key: title,
    author_key: "quill m",
    identity_key: title,
    is_synthetic: false,
  }));
  return await storeWorks(sql, { works, monthId: month!.id, at: null });
}

function credit(work_id: number, name: string, position = 0) {
  return { work_id, name, name_key: name.toLowerCase(), position };
}

async function authorsOf(sql: Queryable, workId: number): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    SELECT a.name FROM work_author wa JOIN author a ON a.id = wa.author_id
    WHERE wa.work_id = ${workId} ORDER BY wa.position`;
  return rows.map(({ name }) => name);
}

databaseTest(
  "storeAuthors() links new and known authors in order, each stored once",
  async ({ sql }) => {
    const [first, second] = await storeTitles(sql, ["Salt", "Tide"]);
    await storeAuthors(sql, [credit(first!, "Mara Quill")]);
    await storeAuthors(sql, [credit(second!, "Tomas Breck"), credit(second!, "mara quill", 1)]);
    assertEquals(await authorsOf(sql, first!), ["Mara Quill"]);
    assertEquals(await authorsOf(sql, second!), ["Tomas Breck", "Mara Quill"]);
    const [stored] = await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM author`;
    assertEquals(stored?.count, 2);
  },
);

Deno.test({
  name: "storeAuthors() links an author whom another month is just storing [server]",
  // The embedded database has one session, so nothing happens meanwhile there.
  ignore: !DATABASE_KINDS.includes("server"),
  fn: () =>
    withDatabase("server", async ({ sql }) => {
      const [first, second] = await storeTitles(sql, ["Salt", "Tide"]);
      const name = crypto.randomUUID();
      let isOver = false;
      const storeMeanwhile = async (): Promise<void> => {
        await sql.begin(async (tx) => {
          await tx`SELECT set_config('application_name', ${name}, true)`;
          await storeAuthors(tx, [credit(second!, "Mara Quill")]);
        }).finally(() => isOver = true);
      };
      const isWaiting = async (): Promise<boolean> => {
        const rows = await sql`SELECT 1 FROM pg_stat_activity
          WHERE application_name = ${name} AND wait_event_type = 'Lock'`;
        return rows.length > 0;
      };
      let other = Promise.resolve();
      await sql.begin(async (tx) => {
        await storeAuthors(tx, [credit(first!, "Mara Quill")]);
        other = storeMeanwhile();
        while (!isOver && !(await isWaiting())) await systemClock.sleep(5);
        assertFalse(isOver, "nobody waited");
      });
      await other;
      assertEquals(await authorsOf(sql, second!), ["Mara Quill"]);
    }),
});

databaseTest("storing a work keeps up no index but those works are found by", async ({ sql }) => {
  const rows = await sql<{ indexdef: string }[]>`
    SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'work'`;
  assertEquals(
    rows.map(({ indexdef }) => /USING (.+)$/.exec(indexdef)?.[1]).toSorted(),
    ["btree (author_key)", "btree (id)", "btree (identity_key)"],
  );
});

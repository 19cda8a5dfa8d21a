import { assertEquals, assertFalse } from "@std/assert";
import { linkBookAuthors } from "../../src/catalogue/link_book_authors.ts";
import { systemClock } from "../../src/clock.ts";
import type { Database, Queryable } from "../../src/database/connection/connection.ts";
import { storeWorks } from "../../src/database/catalogue/works.ts";
import { seedMonths } from "../../src/database/months/months.ts";
import { personKey } from "../../src/domain/names/author_name.ts";
import { DATABASE_KINDS, databaseTest, withDatabase } from "../support/postgres/databases.ts";

/** Stores works of these titles without authors and returns their ids. */
async function storeTitles(sql: Queryable, titles: readonly string[]): Promise<number[]> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const [month] = await sql<{ id: number }[]>`SELECT id FROM backfill_log ORDER BY id LIMIT 1`;
  const works = titles.map((title) => ({
    title,
    subtitle: null,
    series: null,
    series_place: null,
    language: null,
    first_published: null,
    title_key: title,
    author_key: "quill m",
    identity_key: title,
    is_synthetic: false,
    completeness: 0,
  }));
  return await storeWorks(sql, { works, monthId: month!.id, at: null });
}

/** Links a work with people, each by the names that its records bear, the shown one first. */
async function link(
  { sql }: Pick<Database, "sql">,
  workId: number,
  people: readonly (readonly [string, ...string[]])[],
): Promise<void> {
  const authors = people.map((names) => ({
    name: names[0],
    name_keys: names.map(personKey).toSorted((a, b) => b.length - a.length),
  }));
  await sql.begin((tx) => linkBookAuthors(tx, [{ work_id: workId, authors }]));
}

async function authorsOf(sql: Queryable, workId: number): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    SELECT a.name FROM work_author wa JOIN author a ON a.id = wa.author_id
    WHERE wa.work_id = ${workId} ORDER BY wa.position`;
  return rows.map(({ name }) => name);
}

async function allAuthors(sql: Queryable): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`SELECT name FROM author ORDER BY name COLLATE "C"`;
  return rows.map(({ name }) => name);
}

databaseTest(
  "linkBookAuthors() links new and known authors in order, each stored once",
  async (database) => {
    const { sql } = database;
    const [first, second] = await storeTitles(sql, ["Salt", "Tide"]);
    await link(database, first!, [["Mara Quill"]]);
    await link(database, second!, [["Tomas Breck"], ["Mara Quill"]]);
    assertEquals(await authorsOf(sql, first!), ["Mara Quill"]);
    assertEquals(await authorsOf(sql, second!), ["Tomas Breck", "Mara Quill"]);
    assertEquals((await allAuthors(sql)).length, 2);
  },
);

databaseTest(
  "linkBookAuthors() makes one author of two that a work's records show to be one",
  async (database) => {
    const { sql } = database;
    const [first, second, third] = await storeTitles(sql, ["Salt", "Tide", "Ash"]);
    await link(database, first!, [["J. K. Rowling"]]);
    await link(database, second!, [["Joanne K. Rowling"]]);
    assertEquals(await allAuthors(sql), ["J. K. Rowling", "Joanne K. Rowling"]);
    await link(database, third!, [["J. K. Rowling", "Joanne K. Rowling"]]);
    // As most works have it.
    assertEquals(await allAuthors(sql), ["J. K. Rowling"]);
    for (const work of [first!, second!, third!]) {
      assertEquals(await authorsOf(sql, work), ["J. K. Rowling"]);
    }
  },
);

databaseTest(
  "linkBookAuthors() finds an author under every name of the records",
  async (database) => {
    const { sql } = database;
    const [first, second] = await storeTitles(sql, ["Salt", "Tide"]);
    await link(database, first!, [["Joanne K. Rowling", "J. K. Rowling"]]);
    await link(database, second!, [["J. K. Rowling"]]);
    assertEquals((await allAuthors(sql)).length, 1);
  },
);

databaseTest("linkBookAuthors() makes no author of two people by an initial", async (database) => {
  const { sql } = database;
  const [first, second, third] = await storeTitles(sql, ["Salt", "Tide", "Ash"]);
  await link(database, first!, [["J. Smith"]]);
  await link(database, second!, [["John Smith", "J. Smith"]]);
  await link(database, third!, [["Jane Smith", "J. Smith"]]);
  assertEquals(await allAuthors(sql), ["J. Smith", "Jane Smith", "John Smith"]);
});

databaseTest(
  "linkBookAuthors() puts right how an older version stored a name",
  async (database) => {
    const { sql } = database;
    const [first, second] = await storeTitles(sql, ["Salt", "Tide"]);
    await sql`INSERT INTO author (name, name_key) VALUES ('Quill, Mara', 'mara quill')`;
    await sql`INSERT INTO work_author (work_id, author_id, position)
    SELECT ${first!}, id, 0 FROM author`;
    await link(database, second!, [["Mara Quill"]]);
    assertEquals(await authorsOf(sql, first!), ["Mara Quill"]);
  },
);

Deno.test({
  name: "linkBookAuthors() links an author whom another month is just storing [server]",
  // The embedded database has one session, so nothing happens meanwhile there.
  ignore: !DATABASE_KINDS.includes("server"),
  fn: () =>
    withDatabase("server", async ({ sql }) => {
      const [first, second] = await storeTitles(sql, ["Salt", "Tide"]);
      const name = crypto.randomUUID();
      const people = (shown: string) => [{
        name: shown,
        name_keys: ["joanne k rowling", "j k rowling"],
      }];
      let isOver = false;
      const storeMeanwhile = async (): Promise<void> => {
        await sql.begin(async (tx) => {
          await tx`SELECT set_config('application_name', ${name}, true)`;
          await linkBookAuthors(tx, [{ work_id: second!, authors: people("J. K. Rowling") }]);
        }).finally(() => isOver = true);
      };
      const isWaiting = async (): Promise<boolean> => {
        const rows = await sql`SELECT 1 FROM pg_stat_activity
          WHERE application_name = ${name} AND wait_event_type = 'Lock'`;
        return rows.length > 0;
      };
      let other = Promise.resolve();
      await sql.begin(async (tx) => {
        await linkBookAuthors(tx, [{ work_id: first!, authors: people("Joanne K. Rowling") }]);
        other = storeMeanwhile();
        while (!isOver && !(await isWaiting())) await systemClock.sleep(5);
        assertFalse(isOver, "nobody waited");
      });
      await other;
      assertEquals(await allAuthors(sql), ["Joanne K. Rowling"]);
      assertEquals(await authorsOf(sql, second!), ["Joanne K. Rowling"]);
    }),
});

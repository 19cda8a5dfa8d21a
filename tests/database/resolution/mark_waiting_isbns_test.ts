// About isbn_checks.ts
import { assertEquals } from "@std/assert";
import { migrate, readMigrations } from "../../../src/database/migrations/migrate.ts";
import { databaseTest } from "../../support/postgres/databases.ts";

const migrations = await readMigrations();
const NAME = "mark_isbns_that_wait_for_their_check";
const before = migrations.slice(0, migrations.findIndex(({ name }) => name.includes(NAME)));

const ISBNS = ["9781402894626", "9781402894633", "9781402894640", "9798887001005"] as const;
const [HEARD, SHOWN, UNHEARD, REPLACED] = ISBNS;

for (const isInUse of [true, false]) {
  databaseTest(
    `ISBNs from before wait for the check they may have missed, ${
      isInUse ? "where ISBNdb was asked" : "but not without ISBNdb"
    }`,
    async ({ sql }) => {
      await migrate(sql, before);
      const found = [
        { isbn13: HEARD, providers: ["isbndb", "open_library"] },
        { isbn13: SHOWN, providers: ["open_library"] },
        { isbn13: UNHEARD, providers: ["open_library"] },
      ];
      for (const { isbn13, providers } of found) {
        await sql`INSERT INTO resolution (key, title, author, year, verdict, isbn13, decision, job_id,
            decided_at, expires_at)
          VALUES (${isbn13}, 'Salt', 'Quill', 2012, 'found', ${isbn13}, ${sql.json({ providers })},
            gen_random_uuid(), now(), now())`;
      }
      const answered = isInUse ? [{ key: SHOWN, works: [{}] }, { key: UNHEARD, works: [] }] : [];
      for (const { key, works } of answered) {
        await sql`INSERT INTO evidence (resolution_key, provider, works, job_id, asked_at, expires_at)
          VALUES (${key}, 'isbndb', ${sql.json(works)}, gen_random_uuid(), now(), now())`;
      }
      await sql`INSERT INTO work (title, title_key, author_key, identity_key, is_synthetic,
          completeness, created_at, updated_at)
        VALUES ('Salt', 'salt', 'quill', 'salt / quill', false, 50, now(), now())`;
      await sql`INSERT INTO edition (isbn13, work_id, title, resolution_key, score, created_at)
        SELECT isbn13, (SELECT id FROM work), 'Salt',
          CASE isbn13 WHEN ${REPLACED} THEN ${HEARD} ELSE isbn13 END, 90, now()
        FROM unnest(${[...ISBNS]}::text[]) AS isbn13`;
      await migrate(sql, migrations);
      const states = await sql<{ isbn13: string; check_state: string }[]>`
        SELECT isbn13, check_state FROM edition ORDER BY isbn13`;
      const expected = isInUse
        ? ["checked", "checked", "waiting", "waiting"]
        : ["not_needed", "not_needed", "not_needed", "not_needed"];
      assertEquals(states.map(({ check_state }) => check_state), expected);
      const made = await sql`SELECT check_state FROM resolution ORDER BY key`;
      assertEquals(made.map(({ check_state }) => check_state), expected.slice(0, 3));
    },
    { isMigrated: false },
  );
}

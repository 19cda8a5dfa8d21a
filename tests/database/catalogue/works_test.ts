import { assertEquals } from "@std/assert";
import { databaseTest } from "../../support/postgres/databases.ts";

databaseTest("storing a work keeps up no index but those works are found by", async ({ sql }) => {
  const rows = await sql<{ indexdef: string }[]>`
    SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'work'`;
  assertEquals(
    rows.map(({ indexdef }) => /USING (.+)$/.exec(indexdef)?.[1]).toSorted(),
    ["btree (author_key)", "btree (id)", "btree (identity_key)"],
  );
});

import { assertEquals } from "@std/assert";
import { storableJson } from "../../../src/database/catalogue/storable_text.ts";
import { databaseTest } from "../../support/postgres/databases.ts";

const ODD = 'Salt\0 "Ledger" \ud800 \\u0000 寒\u{1F4D6}';
const STORED = 'Salt\uFFFD "Ledger" \uFFFD \\u0000 寒\u{1F4D6}';

Deno.test("storableJson() is plain JSON where nothing is odd", () => {
  const plain = { title: "Salt \\u0000", at: new Date(0), pages: [1, null, true], more: undefined };
  assertEquals(storableJson(plain), JSON.stringify(plain));
  assertEquals(JSON.parse(storableJson({ [ODD]: [{ title: ODD }], at: new Date(0) })), {
    [STORED]: [{ title: STORED }],
    at: "1970-01-01T00:00:00.000Z",
  });
});

databaseTest("no text or JSON makes a statement fail by its characters", async ({ sql }) => {
  const [row] = await sql`
    SELECT ${ODD}::text AS text, ${[ODD, "plain"]}::text[] AS texts, ${
    sql.json({ title: ODD })
  }::jsonb AS json, ${["plain"]}::text[] AS plain`;
  assertEquals({ ...row }, {
    text: STORED,
    texts: [STORED, "plain"],
    json: { title: STORED },
    plain: ["plain"],
  });
});

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../../src/errors.ts";
import { readMatchCases, SHIPPED_CASES } from "./match_case.ts";

const LINE = {
  id: "c1",
  kind: "control",
  query: { title: "The Salt Ledger", author: "Mara Quill", year: 2012 },
  records: [{
    provider: "google_books",
    title: "The Salt Ledger",
    authors: ["Mara Quill"],
    year: 2012,
    isbn13: "9781402894626",
  }],
  expected: "9781402894626",
  sure: true,
};
const [RECORD] = LINE.records;

async function withFile(text: string, body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    await body(path);
  } finally {
    await Deno.remove(path);
  }
}

async function messageFor(text: string): Promise<string> {
  let message = "";
  await withFile(text, async (path) => {
    const error = await assertRejects(() => readMatchCases(path), AppError);
    assertEquals(error.code, "CATALOGUE_UNREADABLE");
    message = error.message.replace(path, "FILE");
  });
  return message;
}

Deno.test("readMatchCases() reads the shipped cases, each answer of which a record bears", async () => {
  const cases = await readMatchCases(SHIPPED_CASES);
  assertEquals([cases.length, cases.filter(({ sure }) => sure).length], [182, 178]);
  for (const { id, expected, records } of cases) {
    const known = records.map(({ isbn13 }) => isbn13);
    assertEquals(expected.filter((isbn) => !known.includes(isbn)), [], id);
  }
});

Deno.test("readMatchCases() takes an ISBN, several or none for the answer, and a year in any form", async () => {
  const lines = [
    LINE,
    { ...LINE, id: "c2", expected: ["9781402894626", "9781402894633"] },
    { ...LINE, id: "c3", expected: null, records: [{ ...RECORD, year: "2012-05" }] },
    { ...LINE, id: "c4", records: [{ ...RECORD, year: null }] },
  ];
  await withFile(lines.map((line) => JSON.stringify(line)).join("\n\n"), async (path) => {
    const cases = await readMatchCases(path);
    assertEquals(cases.map(({ expected }) => expected.length), [1, 2, 0, 1]);
    assertEquals(
      cases.map(({ records }) => records[0]?.year),
      ["2012", "2012", "2012-05", null],
    );
  });
});

Deno.test("readMatchCases() names the line and what is wrong with it", async () => {
  const good = JSON.stringify(LINE);
  const bad = (fields: object) => messageFor(`${good}\n${JSON.stringify({ ...LINE, ...fields })}`);
  assertMatch(await messageFor(`${good}\n{"id":`), /^FILE line 2 is not JSON/);
  assertMatch(await bad({ id: "c2", expected: 5 }), /^FILE line 2: expected: expected an ISBN/);
  assertMatch(await bad({ id: "c2", sure: undefined }), /^FILE line 2: sure: /);
  assertMatch(await bad({ id: "c2", query: { title: "X" } }), /^FILE line 2: query\.author: /);
  const records = (fields: object) =>
    bad({ id: "c2", records: [RECORD, { ...RECORD, ...fields }] });
  assertMatch(await records({ provider: "amazon" }), /^FILE line 2: records\.1\.provider: /);
  assertMatch(await records({ year: "May 2012" }), /line 2: records\.1\.year: expected YYYY/);
  assertMatch(await records({ isbn13: "none" }), /line 2: records\.1\.isbn13: expected an ISBN/);
  assertMatch(
    await records({ provider: "isbndb", isbn13: null }),
    /line 2: records\.1\.isbn13: ISBNdb files books by their ISBN/,
  );
  assertMatch(await messageFor(`${good}\n${good}`), /^FILE has several cases "c1"/);
  assertMatch(await messageFor("\n"), /^FILE holds no cases/);
});

Deno.test("readMatchCases() says that a file is missing", async () => {
  const error = await assertRejects(() => readMatchCases("nowhere.jsonl"), AppError);
  assertMatch(error.message, /^nowhere\.jsonl with the cases cannot be read/);
});

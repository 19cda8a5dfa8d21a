import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../src/errors.ts";
import { buildCatalogue } from "../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../src/simulator/books/catalogue_files.ts";
import { fillRecords } from "../../src/simulator/books/fill_records.ts";
import {
  FICTIONAL,
  isAnswerable,
  judgeIsbn,
  readResolveQuestions,
  type ResolveQuery,
  SHIPPED_DATA,
} from "./resolve_queries.ts";

const RIGHT = "9781402894626";
const SISTER = "9781402894633";
const REJECTED = "9781402894640";
const ELSEWHERE = "9783161484100";
const UNKNOWN = "9798887001005";

const WORKS: Readonly<Record<string, string>> = {
  [RIGHT]: "salt",
  [SISTER]: "salt",
  [REJECTED]: "salt",
  [ELSEWHERE]: "winter",
};

function query(fields: Partial<ResolveQuery> = {}): ResolveQuery {
  return {
    id: "b1",
    category: "plain",
    query: { title: "The Salt Ledger", author: "Mara Quill", year: 2024 },
    all_isbn13: [RIGHT],
    reject_isbn13: [REJECTED],
    work: "salt",
    ...fields,
  };
}

Deno.test("judgeIsbn() goes by the lists, then by the work", () => {
  const cases: [string, string][] = [
    [RIGHT, "right"],
    [SISTER, "right"],
    [REJECTED, "wrong"],
    [ELSEWHERE, "wrong"],
    [UNKNOWN, "unjudged"],
  ];
  for (const [isbn13, judgement] of cases) {
    const judged = judgeIsbn(isbn13, { query: query(), workOf: (isbn) => WORKS[isbn] });
    assertEquals(judged, judgement, isbn13);
  }
});

Deno.test("judgeIsbn() takes any answer about a fictional book for wrong", () => {
  const fictional = query({ category: FICTIONAL, all_isbn13: [], work: "none" });
  for (const isbn13 of [RIGHT, UNKNOWN]) {
    assertEquals(judgeIsbn(isbn13, { query: fictional, workOf: () => undefined }), "wrong");
  }
});

Deno.test("judgeIsbn() takes any answer for wrong where nothing is to be found", () => {
  const unwritten = query({ category: "series-title", all_isbn13: [], work: "none" });
  assertEquals(judgeIsbn(UNKNOWN, { query: unwritten, workOf: () => undefined }), "wrong");
});

Deno.test("readResolveQuestions() takes a translation for another work", async () => {
  const { workOf } = await readResolveQuestions(SHIPPED_DATA);
  const files = await readCatalogueFiles(SHIPPED_DATA);
  const plain = buildCatalogue(files);
  const filled = fillRecords(plain, files.benchmark);
  const added = [...filled.isbns.keys()].filter((isbn13) => !plain.isbns.has(isbn13));
  assert(added.length > 500);
  for (const isbn13 of added) assertMatch(workOf(isbn13) ?? "", /^.+ in translation$/);
});

Deno.test("readResolveQuestions() reads the shipped questions, each with an ISBN the data knows", async () => {
  const { queries, asked, workOf } = await readResolveQuestions(SHIPPED_DATA);
  const shipped = queries.filter(({ category }) => !asked.has(category));
  const existing = queries.filter(isAnswerable);
  const unanswerable = existing.filter(({ all_isbn13, work }) =>
    !all_isbn13.some((isbn13) => workOf(isbn13) === work)
  );
  assertEquals(shipped.length, 1399);
  assertEquals(shipped.filter((one) => !isAnswerable(one)).length, 185);
  assertEquals(unanswerable.map(({ id }) => id), []);
});

Deno.test("readResolveQuestions() names file, line and field of a row it cannot use", async () => {
  const dir = await Deno.makeTempDir();
  try {
    for (const name of ["catalogue.jsonl", "editions.jsonl"]) {
      await Deno.copyFile(`${SHIPPED_DATA}/${name}`, `${dir}/${name}`);
    }
    const missing = await assertRejects(() => readResolveQuestions(dir), AppError);
    assertMatch(missing.message, /benchmark_dev\.jsonl with the questions cannot be read/);

    const row = { ...query(), query: { title: "The Salt Ledger", author: "Mara Quill" } };
    await Deno.writeTextFile(`${dir}/benchmark_dev.jsonl`, JSON.stringify(row) + "\n");
    const spoilt = await assertRejects(() => readResolveQuestions(dir), AppError);
    assertMatch(spoilt.message, /benchmark_dev\.jsonl line 1: query\.year/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

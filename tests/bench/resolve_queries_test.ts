import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../src/errors.ts";
import {
  FICTIONAL,
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

Deno.test("readResolveQuestions() reads the shipped questions, each with an ISBN the data knows", async () => {
  const { queries, workOf } = await readResolveQuestions(SHIPPED_DATA);
  const existing = queries.filter(({ category }) => category !== FICTIONAL);
  const unanswerable = existing.filter(({ all_isbn13, work }) =>
    !all_isbn13.some((isbn13) => workOf(isbn13) === work)
  );
  assertEquals(queries.length, 1399);
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

import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { ANSWER_ORDERS, type AnswerOrder, type CaseVerdict, runCases } from "./case_run.ts";
import { ISBN, madeCase, madeRecord, OTHER_ISBN } from "./made_case.ts";
import { type MatchCase, readMatchCases, SHIPPED_CASES } from "./match_case.ts";

const shipped = await readMatchCases(SHIPPED_CASES);

async function verdictsOf(cases: readonly MatchCase[], order: AnswerOrder = "all") {
  return (await runCases(cases, { order })).map(({ verdict }) => verdict);
}

Deno.test("runCases() decides shipped cases that are plain right in every order of answers", async () => {
  const ids = ["A01", "A10", "A25", "B150", "B172", "B173", "C08"];
  const cases = shipped.filter(({ id }) => ids.includes(id));
  assertEquals(cases.length, ids.length);
  for (const order of ANSWER_ORDERS) {
    const failed = (await runCases(cases, { order })).filter(({ verdict }) => verdict !== "right");
    assertEquals(failed.map(({ match_case }) => match_case.id), [], order);
  }
});

Deno.test("runCases() finds no wrong ISBN for a sure case in any order, and refuses one in twenty", async () => {
  const sure = shipped.filter((one) => one.sure);
  for (const order of ANSWER_ORDERS) {
    const decided = await runCases(sure, { order });
    const wrong = decided.filter(({ verdict }) => verdict === "wrong");
    assertEquals(wrong.map(({ match_case }) => match_case.id), [], order);
    const unanswered = decided.filter(({ verdict }) => verdict !== "right").length;
    assertLessOrEqual(unanswered / sure.length, 0.05, order);
  }
});

Deno.test("runCases() calls any other ISBN wrong, and none where one is expected refused", async () => {
  const known = [madeRecord("google_books"), madeRecord("open_library")];
  const doubted = [
    madeRecord("google_books"),
    madeRecord("isbndb", { title: "A History of Bread", authors: ["Tomas Breck"] }),
  ];
  const cases: readonly [MatchCase, CaseVerdict][] = [
    [madeCase(known), "right"],
    [madeCase(known, { expected: [OTHER_ISBN, ISBN] }), "right"],
    [madeCase(known, { expected: [OTHER_ISBN] }), "wrong"],
    [madeCase(known, { expected: [] }), "wrong"],
    [madeCase([]), "refused"],
    [madeCase([], { expected: [] }), "right"],
    [madeCase(doubted), "ambiguous"],
    [madeCase(doubted, { expected: [] }), "right"],
  ];
  assertEquals(await verdictsOf(cases.map(([one]) => one)), cases.map(([, verdict]) => verdict));
});

Deno.test("runCases() lets the provider that the order names be heard first", async () => {
  const made = madeCase([madeRecord("google_books"), madeRecord("open_library")]);
  const heard = async (order: AnswerOrder) => {
    const [decided] = await runCases([made], { order });
    return decided?.answers.map(({ provider }) => provider);
  };
  // The book is beyond doubt with the first that knows it, so those behind it are not heard.
  assertEquals(await heard("google_books"), ["google_books"]);
  assertEquals(await heard("open_library"), ["open_library"]);
  assertEquals(await heard("wikidata"), ["wikidata", "open_library"]);
  assertEquals(await heard("archive_org"), ["archive_org", "open_library"]);
  assertEquals(await heard("all"), [
    "open_library",
    "google_books",
    "archive_org",
    "wikidata",
    "isbndb",
  ]);
});

Deno.test("runCases() takes an ISBN back that ISBNdb knows as another book's", async () => {
  const other = madeRecord("isbndb", { title: "A History of Bread", authors: ["Tomas Breck"] });
  const made = madeCase([madeRecord("google_books"), other], { expected: [] });
  for (const order of ANSWER_ORDERS) {
    const [decided] = await runCases([made], { order });
    assert(decided?.decision.kind === "ambiguous", order);
    assertStringIncludes(decided.decision.reason, 'isbndb knows 9781402894626 as "A History of');
  }
});

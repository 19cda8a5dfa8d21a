import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { BOOK_LIST_SCHEMA, buildPrompt } from "../../../src/domain/generation/prompt.ts";
import type { FaultKind } from "../../../src/simulator/faults/faults.ts";
import type { ToldBook } from "../../../src/simulator/language_models/answer_schema.ts";
import type { ModelKnowledge } from "../../../src/simulator/language_models/model_knowledge.ts";
import type { ModelQuestion } from "../../../src/simulator/language_models/question.ts";
import { tellAnswer } from "../../../src/simulator/language_models/tell_answer.ts";

const books = (prefix: string, count: number): ToldBook[] =>
  Array.from({ length: count }, (_, index) => ({
    title: `${prefix} of the Salt Ledger ${index + 1}`,
    authors: ["Mara Quill"],
    series: null,
    number: null,
    month: "2012-03",
  }));

const KNOWLEDGE: ModelKnowledge = {
  named: ({ limit }) => books("Story", limit),
  misdated: ({ limit }) => books("Memory", limit),
  fictional: ({ limit }) => books("Dream", limit),
};

const PROMPT = buildPrompt({ month: { year: 2012, month: 3 }, variant: "baseline", maxBooks: 20 });

const QUESTION: ModelQuestion = {
  system: PROMPT.system,
  user: PROMPT.user,
  schema: BOOK_LIST_SCHEMA,
  isJson: true,
  maxOutputTokens: 16_384,
  thinking: "usual",
};

function tell(kind: FaultKind | null, question: Partial<ModelQuestion> = {}) {
  const fault = kind === null ? null : { service: "xai" as const, kind };
  return tellAnswer({ ...QUESTION, ...question }, {
    service: "xai",
    model: "grok-4.3",
    knowledge: KNOWLEDGE,
    fault,
  });
}

function titlesIn(text: string): string[] {
  return JSON.parse(text).books.map(({ title }: { title: string }) => title);
}

Deno.test("tellAnswer() bills twenty books with about 1,700 tokens after a prompt of about 450", () => {
  const { tokens, finish } = tell(null);
  assertEquals(finish, "stop");
  assert(tokens.prompt > 300 && tokens.prompt < 500, `${tokens.prompt} in`);
  const out = tokens.answer + tokens.thinking;
  assert(out > 1_500 && out < 1_900, `${out} out`);
  assertEquals(tell(null, { thinking: "none" }).tokens.thinking, 0);
  assert(tell(null, { thinking: "little" }).tokens.thinking < tokens.thinking);
});

Deno.test("tellAnswer() never takes more tokens than it may, and cuts what does not fit", () => {
  const whole = tell(null).text;
  for (const maxOutputTokens of [1, 50, 900, 1_400]) {
    const { text, tokens, finish } = tell(null, { maxOutputTokens });
    assertEquals([finish, tokens.answer + tokens.thinking], ["length", maxOutputTokens]);
    assert(whole.startsWith(text) && text.length < whole.length);
  }
});

Deno.test("tellAnswer() wraps the list in prose, fences and brackets where told to", () => {
  assertEquals(titlesIn(tell(null).text).length, 20);
  assertMatch(tell(null, { isJson: false }).text, /^```json\n\{"books".*\n```$/s);
  assertMatch(tell("fenced").text, /^Here is.*\n```json\n\{"books".*\n```$/s);
  assertMatch(tell("surrounded").text, /^Certainly.*\[of that month\].*\{"books".*\]\}\n\nEnjoy/s);
});

Deno.test("tellAnswer() gives the list another shape where told to", () => {
  assertEquals(JSON.parse(tell("bare_array").text).length, 20);
  assertEquals(Object.keys(JSON.parse(tell("other_key").text)), ["results"]);
  const odd = tell("other_key", { user: PROMPT.user.replaceAll("20 ", "19 ") });
  assertEquals(Object.keys(JSON.parse(odd.text)), ["items"]);
  const { books: items } = JSON.parse(tell("wrong_types").text);
  assertEquals(items.length, 20);
  assertEquals([items[1].title, items[7].author, items[10].month], [null, null, "spring"]);
  assertEquals(typeof items[4], "string");
  assertEquals(items[0].author, "Mara Quill");
});

Deno.test("tellAnswer() hides the list where told to", () => {
  const { books } = JSON.parse(tell(null).text);
  const lines = tell("json_lines").text.split("\n");
  assertEquals(lines.map((line) => JSON.parse(line)), books);
  const [draft = "", list = ""] = tell("draft_first").text.split("</think>\n\n");
  assertMatch(draft, /^<think>.*\{"books":\[/s);
  assertEquals(JSON.parse(list).books, books);
});

Deno.test("tellAnswer() breaks its JSON in many ways where told to, each for other months", () => {
  const months = ["January", "February", "April", "June", "July", "August", "October", "December"];
  const texts = months.map((month) =>
    tell("malformed", { user: PROMPT.user.replaceAll("March", month) }).text
  );
  const shapes = texts.map((text) => {
    const [json = "", sentence] = text.split("\n\n");
    assertThrows(() => JSON.parse(json), SyntaxError);
    assertEquals(sentence, "I hope this list helps.");
    return json;
  });
  assert(new Set(shapes).size >= 4, "they differ");
});

Deno.test("tellAnswer() names other books than asked for where told to", () => {
  const many = titlesIn(tell("over_limit").text);
  assertEquals(many.length, 25);
  assertMatch(many[24] ?? "", /^Memory/);
  const twice = titlesIn(tell("duplicates").text);
  assertEquals(new Set(twice.map((title) => title.toLowerCase())).size, 20);
  assertEquals(twice.length, 27);
  assert(titlesIn(tell("misdated").text).every((title) => title.startsWith("Memory")));
  assert(titlesIn(tell("unknown_titles").text).every((title) => title.startsWith("Dream")));
  assertEquals(titlesIn(tell("empty").text), []);
});

Deno.test("tellAnswer() refuses in four ways", () => {
  assertEquals(Object.keys(JSON.parse(tell("refusal").text)), ["error"]);
  assertMatch(tell("refusal_prose").text, /^I'm sorry, but I can't/);
  const field = tell("refusal_field");
  assertEquals([field.text, field.finish], ["", "stop"]);
  assertMatch(field.refusal ?? "", /^Unable/);
  assertEquals([tell("safety").text, tell("safety").finish], ["", "safety"]);
});

Deno.test("tellAnswer() ends too early and still bills what was thought", () => {
  const whole = tell(null);
  const cut = tell("truncated");
  assertEquals(cut.finish, "length");
  assert(whole.text.startsWith(cut.text) && cut.text.length < whole.text.length);
  assertEquals(cut.tokens.thinking, whole.tokens.thinking);
  const none = tell("no_parts");
  assertEquals([none.text, none.finish, none.tokens.answer], ["", "length", 0]);
  assertEquals(none.tokens.thinking, whole.tokens.thinking);
  assertEquals(tell("recitation").finish, "recitation");
});

Deno.test("tellAnswer() can chat instead of listing", () => {
  assertMatch(tell("bad_content").text, /^[A-Z][^{[]+$/);
});

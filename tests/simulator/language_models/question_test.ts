import { assertEquals } from "@std/assert";
import {
  askedLimit,
  askedMonth,
  type ModelQuestion,
  questionSubject,
} from "../../../src/simulator/language_models/question.ts";

const QUESTION: ModelQuestion = {
  system: "",
  user: "",
  schema: null,
  isJson: true,
  maxOutputTokens: 900,
  thinking: "usual",
};

Deno.test("askedMonth() hears the user before the system", () => {
  const system = "Books of May 2011";
  assertEquals(askedMonth({ ...QUESTION, system }), "2011-05");
  assertEquals(askedMonth({ ...QUESTION, system, user: "Books of 2012-03" }), "2012-03");
  assertEquals(askedMonth(QUESTION), null);
});

Deno.test("askedLimit() goes by the words, then the schema, then twenty", () => {
  const schema = { type: "array", maxItems: 7 };
  assertEquals(askedLimit({ ...QUESTION, schema, user: "Up to 3 books" }), 3);
  assertEquals(askedLimit({ ...QUESTION, schema }), 7);
  assertEquals(askedLimit(QUESTION), 20);
});

Deno.test("questionSubject() says month and cap, as far as they are known", () => {
  assertEquals(questionSubject({ ...QUESTION, user: "Books of 2012-03" }), {
    month: "2012-03",
    maxTokens: 900,
  });
  assertEquals(questionSubject(QUESTION), { maxTokens: 900 });
  assertEquals(questionSubject(null), {});
});

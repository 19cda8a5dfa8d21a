import type { FaultRule } from "../faults/faults.ts";
import { fillAnswer, type ToldBook } from "./answer_schema.ts";
import { answerTokens, firstTokens, promptTokens, thinkingTokens } from "./count_tokens.ts";
import type { ModelKnowledge } from "./model_knowledge.ts";
import { malformAnswer } from "./malform_answer.ts";
import { askedLimit, askedMonth, type ModelQuestion } from "./question.ts";
import { listIn, reshapeAnswer } from "./reshape_answer.ts";

/** What a model has to say, before a wire wraps it. */
export interface ToldAnswer {
  /** Empty when no text came. */
  readonly text: string;
  /** What it says in the field for refusals, on wires that have one. */
  readonly refusal: string | null;
  readonly finish: "stop" | "length" | "safety" | "recitation";
  readonly tokens: { readonly prompt: number; readonly answer: number; readonly thinking: number };
}

/** Who answers, and what goes wrong. */
export interface TellOptions {
  readonly service: string;
  readonly model: string;
  readonly knowledge: ModelKnowledge;
  readonly fault: FaultRule | null;
}

interface Said extends Pick<ToldAnswer, "text" | "refusal" | "finish"> {
  /** The answer it thought about, where less of it or none comes out. */
  readonly thoughtOf?: string;
}

function say(text: string, finish: Said["finish"] = "stop"): Said {
  return { text, refusal: null, finish };
}

function fence(json: string): string {
  return "```json\n" + json + "\n```";
}

/** Cuts inside the last string, as a token limit does. */
function cutShort(text: string): string {
  const half = text.slice(0, Math.ceil(text.length * 0.6));
  return half.endsWith('"') ? half.slice(0, -2) : half;
}

/** How many more than asked for are named when a model does not count. */
const BEYOND_LIMIT = 5;

function booksFor(question: ModelQuestion, options: TellOptions): readonly ToldBook[] {
  const { service, model, knowledge, fault } = options;
  const limit = askedLimit(question);
  const asked = { service, model, month: askedMonth(question), limit };
  switch (fault?.kind) {
    case "empty":
      return [];
    case "unknown_titles":
      return knowledge.fictional(asked);
    case "misdated":
      return knowledge.misdated(asked);
    case "over_limit": {
      const many = { ...asked, limit: limit + BEYOND_LIMIT };
      return [...knowledge.named(asked), ...knowledge.misdated(many)].slice(0, many.limit);
    }
    case "duplicates": {
      const books = knowledge.named(asked);
      const again = books.slice(0, Math.ceil(books.length / 3));
      return [...books, ...again.map((book) => ({ ...book, title: book.title.toUpperCase() }))];
    }
    default:
      return knowledge.named(asked);
  }
}

const REFUSAL = "Unable to verify which books were first published in that month.";

const REFUSAL_IN_PROSE =
  "I'm sorry, but I can't name books for that month with the certainty you ask for. " +
  "A library or a review archive of the time would serve you better.";

/** What a model that thinks aloud writes before its answer. */
const DRAFT = "<think>\nPerhaps " +
  JSON.stringify({ books: [{ title: "A Draft of a Draft", author: "Nobody at All", month: 1 }] }) +
  "? No, nobody wrote that.\n</think>\n\n";

const CHATTER =
  "That month saw several remarkable books, among them novels and memoirs that are still read. " +
  "I would be happy to tell you more about any of them.";

function speak(question: ModelQuestion, options: TellOptions): Said {
  const kind = options.fault?.kind;
  const answer = fillAnswer(booksFor(question, options), question.schema);
  const json = JSON.stringify(reshapeAnswer(answer, kind));
  const text = question.isJson ? json : fence(json);
  switch (kind) {
    case "truncated":
      return { ...say(cutShort(text), "length"), thoughtOf: text };
    case "no_parts":
      return { ...say("", "length"), thoughtOf: text };
    case "safety":
      return say("", "safety");
    case "recitation":
      return { ...say("", "recitation"), thoughtOf: text };
    case "fenced":
      return say(`Here is the list you asked for:\n\n${fence(json)}`);
    case "surrounded":
      return say(`Certainly! These are the books [of that month]:\n\n${json}\n\nEnjoy reading.`);
    case "malformed":
      return say(malformAnswer(json, askedMonth(question) ?? question.user));
    case "draft_first":
      return say(DRAFT + json);
    case "json_lines":
      return say(listIn(answer).map((item) => JSON.stringify(item)).join("\n"));
    case "refusal":
      return say(JSON.stringify({ error: REFUSAL }));
    case "refusal_field":
      return { ...say(""), refusal: REFUSAL };
    case "refusal_prose":
      return say(REFUSAL_IN_PROSE);
    case "bad_content":
      return say(CHATTER);
    default:
      return say(text);
  }
}

/** Thinking is paid out of the same budget as the answer; what does not fit is cut off. */
function fitBudget(
  { text, refusal, finish, thoughtOf = text }: Said,
  question: ModelQuestion,
): ToldAnswer {
  const { maxOutputTokens: cap, thinking: effort } = question;
  const wanted = answerTokens(text + (refusal ?? ""));
  const thinking = Math.min(cap, thinkingTokens(answerTokens(thoughtOf), effort));
  const answer = Math.min(wanted, cap - thinking);
  const tokens = { prompt: promptTokens(question.system + question.user), answer, thinking };
  if (answer === wanted) return { text, refusal, finish, tokens };
  return { text: firstTokens(text, answer), refusal: null, finish: "length", tokens };
}

/**
 * What the model answers: the books it names for the month asked for, in the shape asked for, or what
 * the fault makes of them. Never takes more tokens than the question allows.
 */
export function tellAnswer(question: ModelQuestion, options: TellOptions): ToldAnswer {
  return fitBudget(speak(question, options), question);
}

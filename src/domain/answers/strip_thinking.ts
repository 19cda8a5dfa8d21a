/**
 * Names by which models mark what they think before they answer: DeepSeek, Qwen and most others
 * `<think>`, Anthropic `<thinking>`, ByteDance `<seed:think>`, prompts in use the rest.
 */
const NAMES =
  "(?:[\\w-]+:)?(?:(?:ant)?think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|" +
  "scratch_?pad|(?:inner_?|internal_?)?monologue|chain_of_thought)";

/** The marks of models that do not use tags with angle brackets, beginning and end. */
const OTHER_MARKS: readonly (readonly [string, string])[] = [
  ["\\[THINK\\]", "\\[/THINK\\]"], // Mistral
  ["◁think▷", "◁/think▷"], // Moonshot
  ["<\\|begin_of_thought\\|>", "<\\|end_of_thought\\|>"],
  ["<\\|START_THINKING\\|>", "<\\|END_THINKING\\|>"], // Cohere
  [
    "<\\|channel\\|>(?:analysis|commentary)",
    "<\\|(?:end|return|channel\\|>final(?:<\\|message)?)\\|>",
  ], // OpenAI
  ["^analysis(?=[A-Z\\s])", "assistant\\s*final"], // the same without its marks
  ["```(?:think(?:ing)?|reasoning)\\n", "\\n```"],
];

const OPENING = [`<\\s*${NAMES}\\b[^<>]*>`, ...OTHER_MARKS.map(([begin]) => begin)];
const CLOSING = [`<\\s*/\\s*${NAMES}\\s*>`, ...OTHER_MARKS.map(([, end]) => end)];

const PAIRS = OPENING.map((begin, index) =>
  new RegExp(`${begin}[\\s\\S]*?${CLOSING[index]}`, "gi")
);
/** An end whose beginning the server put into the prompt, or left out. A closing fence is no such end. */
const ORPHANED_END = new RegExp(`^[\\s\\S]*(?:${CLOSING.slice(0, 5).join("|")})`, "i");
const UNENDED = new RegExp(`(?:${OPENING.join("|")})[\\s\\S]*$`, "i");

/**
 * What a model says without what it thought: a draft in its thoughts is no answer. Thoughts without an
 * end go to the end of the text, those without a beginning began with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(stripThinking('<think>Perhaps [1]?</think>{"books":[]}'), '{"books":[]}');
 * assertEquals(stripThinking('Perhaps [1]?</think>{"books":[]}'), '{"books":[]}');
 * assertEquals(stripThinking('{"books":[]}<think>Or [1]?'), '{"books":[]}');
 * ```
 */
export function stripThinking(text: string): string {
  const withoutPairs = PAIRS.reduce((left, pair) => left.replace(pair, ""), text);
  return withoutPairs.replace(ORPHANED_END, "").replace(UNENDED, "");
}

import { decodeHTMLStrict } from "entities";
import { type ListedBook, readBook } from "./book_items.ts";
import { readBrokenBook } from "./book_fields.ts";
import { readBookTable } from "./book_table.ts";
import { findItemLists, type ItemList, refusalIn } from "./find_book_lists.ts";
import { findJson } from "./find_json.ts";
import { cleanText } from "../text/clean_text.ts";
import { stripThinking } from "./strip_thinking.ts";

/** What an answer says. A refusal is an honest "no"; `unusable` is worth asking again. */
export type BookListResult =
  | {
    readonly kind: "books";
    readonly books: readonly ListedBook[];
    /** Items left out, by reason. */
    readonly dropped: {
      readonly invalid: number;
      readonly duplicate: number;
      readonly over_limit: number;
    };
  }
  | { readonly kind: "refusal"; readonly message: string }
  | { readonly kind: "unusable"; readonly reason: string };

export interface BookListOptions {
  readonly maxBooks: number;
}

/**
 * Reads a generator's raw answer: JSON bare, fenced or amid prose, malformed, escaped, one object a
 * line, or a Markdown table; also one that was cut off, whose complete items count. What the model
 * thought is left aside, and of several lists the last one is the answer. An item that is not a book is
 * dropped and counted, never the whole answer. An honest empty list is `books: []`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = 'Gladly: {"books":[{"title":"Emma","author":"Jane Austen","month":12,"series":null}]}';
 * assertEquals(parseBookList(text, { maxBooks: 20 }), {
 *   kind: "books",
 *   books: [{ title: "Emma", author: "Jane Austen", month: 12, series: null, number: null }],
 *   dropped: { invalid: 0, duplicate: 0, over_limit: 0 },
 * });
 * ```
 */
export function parseBookList(answer: string, { maxBooks }: BookListOptions): BookListResult {
  if (answer.trim() === "") return { kind: "unusable", reason: "The answer is empty" };
  const text = spokenText(answer);
  if (text === "") return { kind: "unusable", reason: "The answer holds nothing but thoughts" };
  const { found, isCut } = findJson(text, { readBroken: readBrokenBook });
  const lists = [...findItemLists(found)];
  const list = chooseList(lists) ?? tableIn(text);
  if (list !== null) return collectBooks(list.items, maxBooks);
  const refusal = found.map(({ value }) => refusalIn(value)).findLast((said) => said !== null) ??
    refusalInProse(text);
  if (refusal !== null) return { kind: "refusal", message: shortened(refusal) };
  return lists.length === 0 ? noList({ isCut, isJson: found.length > 0 }) : noBook(lists, isCut);
}

/** What a model says aloud, free of what wraps the whole of it: escapes, or the quotes of a JSON text. */
function spokenText(answer: string): string {
  const whole = parseJson(answer);
  if (typeof whole === "string") return whole.trim();
  const text = (whole === undefined ? stripThinking(answer) : answer).trim();
  // The first quote of its JSON tells: later ones may be within a title, where escapes belong.
  switch (/[{[]\s*("|\\"|&quot;)/.exec(text)?.[1]) {
    case "&quot;":
      return decodeHTMLStrict(text);
    case '\\"':
      return text.replace(/\\([\\"n])/g, unescape);
    default:
      return text;
  }
}

function unescape(_escape: string, char: string): string {
  return char === "n" ? "\n" : char;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Most answers are read otherwise.
    return undefined;
  }
}

/** The last list with books, or of which its name says that it is empty on purpose. */
function chooseList(lists: readonly ItemList[]): ItemList | null {
  const answers = lists.filter(({ items, isNamed }) =>
    items.length === 0 ? isNamed : items.some((item) => readBook(item) !== null)
  );
  return answers.findLast(({ isLoneBook }) => !isLoneBook) ?? answers.at(-1) ??
    lists.findLast(({ items }) => items.length === 0) ?? null;
}

function tableIn(text: string): Pick<ItemList, "items"> | null {
  const items = readBookTable(text);
  return items.some((item) => readBook(item) !== null) ? { items } : null;
}

function collectBooks(items: readonly unknown[], maxBooks: number): BookListResult {
  const books = new Map<string, ListedBook>();
  let invalid = 0;
  let duplicate = 0;
  let over_limit = 0;
  for (const item of items) {
    const book = readBook(item);
    if (book === null) {
      invalid++;
      continue;
    }
    const key = sameness(book);
    if (books.has(key)) duplicate++;
    else if (books.size >= maxBooks) over_limit++;
    else books.set(key, book);
  }
  return { kind: "books", books: [...books.values()], dropped: { invalid, duplicate, over_limit } };
}

/** Equal for items that are the same book beyond doubt; likeness is judged when books are merged. */
function sameness({ title, author }: ListedBook): string {
  return JSON.stringify(
    [title, author].map((part) =>
      part.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()
    ),
  );
}

function noBook(lists: readonly ItemList[], isCut: boolean): BookListResult {
  if (isCut) {
    return { kind: "unusable", reason: "The answer was cut off before the first complete book" };
  }
  const items = lists.at(-1)?.items.length ?? 0;
  return { kind: "unusable", reason: `None of the ${items} items of the answer is a book` };
}

function noList({ isCut, isJson }: { isCut: boolean; isJson: boolean }): BookListResult {
  if (isCut) return { kind: "unusable", reason: "The answer was cut off before the first book" };
  const reason = isJson
    ? "The answer is JSON, but holds no list of books"
    : "The answer holds no JSON";
  return { kind: "unusable", reason };
}

/** Openings by which models decline; prose without one is an answer in the wrong form. */
const DECLINES =
  /\b(i('m| am) (sorry|unable|not able)|i (can('|no)t|cannot|do not|don't|won't|am not)|unable to|not possible to|no (notable|known|verified) books|as an ai)\b/i;

function refusalInProse(text: string): string | null {
  return DECLINES.test(text.slice(0, 400).replace(/’/g, "'")) ? text : null;
}

function shortened(message: string): string {
  const line = cleanText(message).replace(/\s+/g, " ");
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}

import { z } from "zod";
import { extractJson } from "./json_salvage.ts";

/** A book as a generator named it. `month` 1–12, null when not said. */
export interface ListedBook {
  readonly title: string;
  readonly author: string;
  readonly month: number | null;
}

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

const MAX_TITLE_LENGTH = 500;
const MAX_AUTHOR_LENGTH = 300;

/** Names a model gives when it knows no author; a book without one can't be confirmed. */
const NO_AUTHOR = /^(unknown( author)?|n\/?a|none|null|various( authors)?|-+)$/i;

const spaced = (maxLength: number) =>
  z.string()
    .transform(oneLine)
    .pipe(z.string().min(1).max(maxLength));

const authorSchema = z.union([
  spaced(MAX_AUTHOR_LENGTH),
  z.array(spaced(MAX_AUTHOR_LENGTH)).min(1).transform((names) => names.join("; "))
    .pipe(z.string().max(MAX_AUTHOR_LENGTH)),
]).refine((author) => !NO_AUTHOR.test(author));

/** "3", 3, 3.0 and null are months; anything else is not known rather than wrong. */
const monthSchema = z.union([
  z.int().min(1).max(12),
  z.string().regex(/^\s*(0?[1-9]|1[0-2])\s*$/).transform(Number),
]).nullable().catch(null);

const bookSchema = z.object({
  title: spaced(MAX_TITLE_LENGTH),
  author: authorSchema,
  month: monthSchema.default(null),
});

/** `authors` for `author` is the one other name models use when the schema is not enforced. */
const itemSchema = z.preprocess((item) => {
  if (typeof item !== "object" || item === null || "author" in item) return item;
  return { ...item, author: "authors" in item ? item.authors : undefined };
}, bookSchema);

/**
 * Reads a generator's raw answer: JSON bare, fenced or amid prose; an array, or an object with
 * `books`, `results` or `items`; also one that was cut off, whose complete items count. An item that
 * is not a book is dropped and counted, never the whole answer. An honest empty list is `books: []`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = 'Gladly: {"books":[{"title":"Emma","author":"Jane Austen","month":12}]}';
 * assertEquals(parseBookList(text, { maxBooks: 20 }), {
 *   kind: "books",
 *   books: [{ title: "Emma", author: "Jane Austen", month: 12 }],
 *   dropped: { invalid: 0, duplicate: 0, over_limit: 0 },
 * });
 * ```
 */
export function parseBookList(text: string, { maxBooks }: BookListOptions): BookListResult {
  if (text.trim() === "") return { kind: "unusable", reason: "The answer is empty" };
  const found = extractJson(text);
  if (found === null) return readProse(text);
  const items = itemsOf(found.value);
  if (items !== null) return collectBooks(items, { maxBooks, isCut: found.isCut });
  const message = refusalOf(found.value);
  if (message !== null) return { kind: "refusal", message: shortened(message) };
  return found.isCut
    ? { kind: "unusable", reason: "The answer was cut off before the first book" }
    : { kind: "unusable", reason: "The answer is JSON, but holds no list of books" };
}

interface CollectOptions extends BookListOptions {
  readonly isCut: boolean;
}

function collectBooks(
  items: readonly unknown[],
  { maxBooks, isCut }: CollectOptions,
): BookListResult {
  const books = new Map<string, ListedBook>();
  let invalid = 0;
  let duplicate = 0;
  let over_limit = 0;
  for (const item of items) {
    const parsed = itemSchema.safeParse(item);
    if (!parsed.success) {
      invalid++;
      continue;
    }
    const key = sameness(parsed.data);
    if (books.has(key)) duplicate++;
    else if (books.size >= maxBooks) over_limit++;
    else books.set(key, parsed.data);
  }
  if (books.size === 0 && isCut) {
    return { kind: "unusable", reason: "The answer was cut off before the first complete book" };
  }
  if (books.size === 0 && invalid > 0) {
    return { kind: "unusable", reason: `None of the ${invalid} items of the answer is a book` };
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

function itemsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return null;
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of ["books", "results", "items"]) {
    const list = fields.get(name);
    if (Array.isArray(list)) {
      // An error beside an empty list explains why the list is empty.
      return list.length === 0 && refusalOf(value) !== null ? null : list;
    }
  }
  // A model asked for a list of one sometimes answers with the one.
  return itemSchema.safeParse(value).success ? [value] : null;
}

/** How deep a reason may lie in errors; real ones are one deep. */
const MAX_REFUSAL_DEPTH = 4;

function refusalOf(value: unknown, depth = 0): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  if (depth > MAX_REFUSAL_DEPTH) return "an error without a reason";
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of ["error", "refusal", "message", "reason"]) {
    const said = fields.get(name);
    if (typeof said === "string" && said.trim() !== "") return said;
    if (name === "error" && typeof said === "object" && said !== null) {
      return refusalOf(said, depth + 1) ?? JSON.stringify(said);
    }
  }
  return null;
}

/** Openings by which models decline; prose without one is an answer in the wrong form. */
const DECLINES =
  /\b(i('m| am) (sorry|unable|not able)|i (can('|no)t|cannot|do not|don't|won't|am not)|unable to|not possible to|no (notable|known|verified) books|as an ai)\b/i;

function readProse(text: string): BookListResult {
  const opening = text.trim().slice(0, 400).replace(/’/g, "'");
  if (DECLINES.test(opening)) return { kind: "refusal", message: shortened(text) };
  return { kind: "unusable", reason: "The answer holds no JSON" };
}

/** Control characters and halves of surrogate pairs, which no database can store, are left out. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cs}]+/gu, " ").trim();
}

function shortened(message: string): string {
  const line = oneLine(message);
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`;
}

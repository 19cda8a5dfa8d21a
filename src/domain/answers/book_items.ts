import { decodeHTMLStrict } from "entities";
import { z } from "zod";
import { FIELD_NAMES } from "./book_fields.ts";
import { readSeriesFields, type StatedSeries } from "../series/series_fields.ts";
import { cleanText } from "../text/clean_text.ts";

/** A book as a generator named it. `month` 1–12, null when not said. */
export interface ListedBook extends StatedSeries {
  readonly title: string;
  readonly author: string;
  readonly month: number | null;
}

const MAX_TITLE_LENGTH = 500;
const MAX_AUTHOR_LENGTH = 300;

/** Names a model gives when it knows no author; a book without one can't be confirmed. */
const NO_AUTHOR = /^(unknown( author)?|n\/?a|none|null|various( authors)?|-+)$/i;

/** What stands for a text in an example of the form: "…", "...". */
const PLACEHOLDER = /^[.…\s]+$/;

const spaced = (maxLength: number) =>
  z.string()
    .transform((text) => cleanText(decodeHTMLStrict(text)).replace(/\s+/g, " "))
    .pipe(z.string().min(1).max(maxLength))
    .refine((text) => !PLACEHOLDER.test(text));

/** Some titles are numbers, and models write them as such: 1984. */
const titleSchema = z.union([z.string(), z.number().transform(String)])
  .pipe(spaced(MAX_TITLE_LENGTH));

const nameSchema = z.union([
  z.string(),
  z.object({ name: z.string() }).transform(({ name }) => name),
]).pipe(spaced(MAX_AUTHOR_LENGTH));

const authorSchema = z.union([
  nameSchema,
  z.array(nameSchema).min(1).transform((names) => names.join("; "))
    .pipe(z.string().max(MAX_AUTHOR_LENGTH)),
]).refine((author) => !NO_AUTHOR.test(author));

/** "3", 3, 3.0 and null are months; anything else is not known rather than wrong. */
const monthSchema = z.union([
  z.int().min(1).max(12),
  z.string().regex(/^\s*(0?[1-9]|1[0-2])\s*$/).transform(Number),
]).nullable().catch(null);

const bookSchema = z.object({
  title: titleSchema,
  author: authorSchema,
  month: monthSchema.default(null),
  stated: z.custom<StatedSeries>(),
}).transform(({ stated, ...book }): ListedBook => ({ ...book, ...stated }));

/** The fields by the names we asked for, whichever of them the model used. */
const itemSchema = z.preprocess((item) => {
  if (!isBookLike(item)) return item;
  const fields = new Map(Object.entries(item).map(([name, field]) => [plainName(name), field]));
  const first = (names: readonly string[]): unknown =>
    fields.get(names.find((name) => fields.has(name)) ?? "");
  return {
    title: first(FIELD_NAMES.title),
    author: first(FIELD_NAMES.author),
    month: first(FIELD_NAMES.month),
    stated: readSeriesFields(first(FIELD_NAMES.series), first(FIELD_NAMES.number)),
  };
}, bookSchema);

/** "Book Title", "bookTitle" and "book_title" are one name. */
function plainName(name: string): string {
  return name.trim().replace(/([a-z])([A-Z])/g, "$1_$2").replace(/[\s-]+/g, "_").toLowerCase();
}

/** True for what is meant as a book, whether or not it can be read as one. */
export function isBookLike(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = new Set(Object.keys(value).map(plainName));
  return FIELD_NAMES.title.some((name) => names.has(name)) &&
    FIELD_NAMES.author.some((name) => names.has(name));
}

/** The book of an item of a list; null when it is none. */
export function readBook(item: unknown): ListedBook | null {
  return itemSchema.safeParse(item).data ?? null;
}

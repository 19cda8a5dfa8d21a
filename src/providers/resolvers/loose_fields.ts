import { z } from "zod";
import { cleanText } from "../../domain/text/clean_text.ts";
import { repairText } from "./repair_text.ts";

/**
 * Longer than any title, name or line of ISBNs; what is longer is damage, and comparing it would take
 * longer than the rest of the answer together.
 */
const MAX_TEXT_LENGTH = 2_000;

/** More than the people or ISBNs that any record of one book names, and longer than all their names. */
const MAX_TEXTS = 100;
const MAX_TEXTS_LENGTH = 10_000;

function readText(text: string): string {
  return cleanText(repairText(text));
}

/** A text that must be there, repaired and cleaned. */
export const requiredText = z.string().trim().max(MAX_TEXT_LENGTH).transform(readText)
  .pipe(z.string().min(1));

function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_TEXTS) : [value];
  let length = 0;
  return values.flatMap((each) => {
    const text = (typeof each === "number" ? String(each) : typeof each === "string" ? each : "")
      .trim();
    const clean = text.length > MAX_TEXT_LENGTH ? "" : readText(text);
    if (clean === "") return [];
    length += clean.length;
    return length <= MAX_TEXTS_LENGTH ? [clean] : [];
  });
}

/** Catalogues send any field as a text, a list or nothing: a list of texts, cleaned, empty when absent. */
export const looseTexts = z.unknown().optional().transform(textsOf);

/** The first text of a field that may be a list or absent; null when there is none. */
export const looseText = z.unknown().optional().transform((value) => textsOf(value)[0] ?? null);

/** A whole number of at least 0, also when sent as text; null for anything else. */
export const looseCount = z.unknown().optional().transform((value) => {
  const text = textsOf(value)[0] ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
});

function readable<T>(records: readonly unknown[], { schema, limit }: ReadOptions<T>): T[] {
  return records.slice(0, limit).flatMap((record) => {
    const parsed = schema.safeParse(record);
    return parsed.success ? [parsed.data] : [];
  });
}

interface ReadOptions<T> {
  readonly schema: z.ZodType<T>;
  readonly limit: number;
}

/**
 * A list within a record, of which the elements that don't fit `schema` are dropped, so that one bad
 * element does not cost the whole record. Only the first `limit` are looked at. What is not a list does
 * not parse; add `.catch([])` where it may be absent.
 */
export function looseList<T>(schema: z.ZodType<T>, limit: number) {
  return z.array(z.unknown()).transform((elements) => readable(elements, { schema, limit }));
}

/**
 * The list an answer consists of. Of its records those that don't fit `schema` are dropped, and what
 * exceeds the `limit` that was asked for is not looked at. A list that holds records of which none can
 * be read does not parse: its form has changed, and taking it for an empty one would turn every book
 * into one that is not there.
 */
export function recordList<T>(schema: z.ZodType<T>, limit: number) {
  return z.array(z.unknown()).transform((records, context) => {
    const read = readable(records, { schema, limit });
    if (records.length === 0 || read.length > 0) return read;
    context.addIssue({ code: "custom", message: `none of ${records.length} records can be read` });
    return z.NEVER;
  });
}

import { z } from "zod";

function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((each) => {
    const text = typeof each === "number" ? String(each) : each;
    return typeof text === "string" && text.trim() !== "" ? [text.trim()] : [];
  });
}

/** Catalogues send any field as a text, a list or nothing: a list of texts, empty when absent. */
export const looseTexts = z.unknown().optional().transform(textsOf);

/** The first text of a field that may be a list or absent; null when there is none. */
export const looseText = z.unknown().optional().transform((value) => textsOf(value)[0] ?? null);

/** A whole number of at least 0, also when sent as text; null for anything else. */
export const looseCount = z.unknown().optional().transform((value) => {
  const text = textsOf(value)[0] ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
});

/**
 * A list of which the elements that don't fit `schema` are dropped, so that one bad record does not
 * cost the whole answer. What is not a list does not parse; add `.catch([])` where it may be absent.
 */
export function looseList<T>(schema: z.ZodType<T>) {
  return z.array(z.unknown()).transform((records) =>
    records.flatMap((record) => {
      const parsed = schema.safeParse(record);
      return parsed.success ? [parsed.data] : [];
    })
  );
}

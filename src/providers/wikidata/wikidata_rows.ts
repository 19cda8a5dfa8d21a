import { z } from "zod";
import { recordList, requiredText } from "../resolvers/loose_fields.ts";

const termSchema = z.object({ type: z.string(), value: requiredText });

/** One row of a SPARQL answer: the plain values of the variables that are bound and known. */
export type Row = ReadonlyMap<string, string>;

/** An unknown value has a node of its own, blank or with an address that stands for a blank one. */
const NO_VALUE = /\/\.well-known\/genid\//;

const bindingSchema = z.record(z.string(), z.unknown()).transform((binding): Row =>
  new Map(
    Object.entries(binding).flatMap(([name, term]) => {
      const parsed = termSchema.safeParse(term);
      if (!parsed.success) return [];
      const { type, value } = parsed.data;
      return type === "bnode" || NO_VALUE.test(value) ? [] : [[name, value] as const];
    }),
  )
);

/** The most rows that any query here asks for. */
export const MAX_ROWS = 5_000;

/** A SPARQL answer in JSON (W3C SPARQL 1.1 Query Results JSON Format). */
export const rowsSchema = z.object({
  results: z.object({ bindings: recordList(bindingSchema, MAX_ROWS) }),
}).transform(({ results }) => results.bindings);

/** The id in an item's address (`http://www.wikidata.org/entity/Q42` → `Q42`); null for others. */
export function itemIdOf(address: string | undefined): string | null {
  return /\/entity\/(Q[1-9]\d{0,11})$/.exec(address ?? "")?.[1] ?? null;
}

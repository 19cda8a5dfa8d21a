import { z } from "zod";
import { toIsbn13 } from "../../domain/isbns/isbn.ts";
import { earliestDate } from "../../domain/months/month_fit.ts";
import { parsePartialDate, type PartialDate } from "../../domain/months/partial_date.ts";
import { languageOfItem } from "./wikidata_language.ts";
import { looseList, recordList, requiredText } from "../resolvers/loose_fields.ts";

/** An item with the statements that matter for books, the best-ranked of each property. */
export interface Entity {
  readonly id: string;
  /** By language code; `mul` holds for all languages. */
  readonly labels: ReadonlyMap<string, string>;
  /** Every name: labels, aliases and titles (P1476). */
  readonly names: readonly string[];
  /** Titles (P1476) as printed, with their language codes. */
  readonly titles: readonly { readonly text: string; readonly language: string }[];
  /** What it is (P31) and, of a literary work, its form (P7937), as items. */
  readonly class_ids: readonly string[];
  readonly isbns: readonly string[];
  /** The earliest of its publication dates (P577). */
  readonly published: PartialDate | null;
  /** ISO 639-1; null when it has none (P407) or several. */
  readonly language: string | null;
  /** Its languages (P407), as items. */
  readonly language_ids: readonly string[];
  readonly pages: number | null;
  readonly author_ids: readonly string[];
  /** Names under which authors stand on it (P1932 at P50), such as pseudonyms, by id. */
  readonly credited_names: ReadonlyMap<string, string>;
  readonly author_names: readonly string[];
  readonly work_ids: readonly string[];
  readonly edition_ids: readonly string[];
}

const ITEM_ID = /^Q[1-9]\d{0,11}$/;

const termSchema = z.object({ value: requiredText });

/** Items read of a search: the label may be that of many things. */
export const SEARCH_LIMIT = 20;

/** The most items `wbgetentities` gives a client without special rights. */
export const ENTITIES_MAX = 50;

/** Statements of one property, and aliases in one language: the Bible has some hundred editions. */
const MAX_STATEMENTS = 1_000;
const MAX_ALIASES = 100;

const statementsSchema = looseList(
  z.object({
    // A snak without a value says "unknown" or "none"; such a statement tells nothing here.
    mainsnak: z.object({
      snaktype: z.literal("value"),
      datavalue: z.object({ value: z.unknown() }),
    }),
    rank: z.enum(["preferred", "normal", "deprecated"]).catch("normal"),
    qualifiers: z.object({
      P1932: looseList(z.object({ datavalue: z.object({ value: requiredText }) }), MAX_ALIASES),
    }).optional().catch(undefined),
  }),
  MAX_STATEMENTS,
).catch([]);

type Statement = z.infer<typeof statementsSchema>[number];

const termsSchema = looseList(termSchema, MAX_ALIASES).catch([]);

const anyRecord = z.record(z.string(), z.unknown());

const entitySchema = z.object({
  id: z.string().regex(ITEM_ID),
  // An empty map is sent as an empty list.
  labels: anyRecord.catch({}),
  aliases: anyRecord.catch({}),
  claims: anyRecord.catch({}),
});

/** An answer of `wbgetentities`; entities that are missing or damaged are left out. */
export const entitiesSchema = z.object({ entities: anyRecord })
  .transform(({ entities }) => Object.values(entities).filter((entity) => !isMissing(entity)))
  .pipe(recordList(entitySchema, ENTITIES_MAX))
  .transform((entities) => entities.map(toEntity));

/** A redirect or an item deleted meanwhile. */
function isMissing(entity: unknown): boolean {
  return typeof entity === "object" && entity !== null && "missing" in entity;
}

const searchHitSchema = z.object({ title: z.string().regex(ITEM_ID) });

/** An answer of `list=search`: the ids found, best first. */
export const searchSchema = z.object({
  query: z.object({ search: recordList(searchHitSchema, SEARCH_LIMIT) }),
}).transform(({ query }) => query.search.map(({ title }) => title));

const timeSchema = z.object({ time: z.string(), precision: z.number() });
const itemSchema = z.object({ id: z.string().regex(ITEM_ID) });
const monolingualSchema = z.object({ text: requiredText, language: z.string().catch("und") });
const quantitySchema = z.object({ amount: z.string().regex(/^\+?\d{1,5}$/) });

function toEntity({ id, labels, aliases, claims }: z.infer<typeof entitySchema>): Entity {
  // Schemas are made once, above: making one costs more than reading an item with it.
  const values = <T>(property: string, schema: z.ZodType<T>): readonly T[] =>
    bestStatements(claims[property]).flatMap(({ mainsnak }) => {
      const parsed = schema.safeParse(mainsnak.datavalue.value);
      return parsed.success ? [parsed.data] : [];
    });
  const ids = (property: string) => values(property, itemSchema).map((item) => item.id);
  const labelsByLanguage = new Map(
    Object.entries(labels).flatMap(([language, term]) => {
      const parsed = termSchema.safeParse(term);
      return parsed.success ? [[language, parsed.data.value] as const] : [];
    }),
  );
  const titles = values("P1476", monolingualSchema);
  const otherNames = Object.values(aliases).flatMap((terms) =>
    termsSchema.parse(terms).map(({ value }) => value)
  );
  return {
    id,
    labels: labelsByLanguage,
    names: [
      ...new Set([...labelsByLanguage.values(), ...titles.map(({ text }) => text), ...otherNames]),
    ],
    titles,
    class_ids: [...ids("P31"), ...ids("P7937")],
    isbns: isbnsOf([...values("P212", requiredText), ...values("P957", requiredText)]),
    published: earliestDate(values("P577", timeSchema).map(dateOf)),
    language: soleLanguage(ids("P407")),
    language_ids: ids("P407"),
    pages: Number(values("P1104", quantitySchema)[0]?.amount ?? 0) || null,
    author_ids: ids("P50"),
    credited_names: creditedNames(bestStatements(claims["P50"])),
    author_names: values("P2093", requiredText),
    work_ids: ids("P629"),
    edition_ids: ids("P747"),
  };
}

/** Statements of preferred rank where there are any, else those of normal rank; never deprecated ones. */
function bestStatements(statements: unknown): readonly Statement[] {
  if (statements === undefined) return [];
  const claims = statementsSchema.parse(statements);
  return ["preferred", "normal"]
    .map((rank) => claims.filter((claim) => claim.rank === rank))
    .find((ranked) => ranked.length > 0) ?? [];
}

function creditedNames(authors: readonly Statement[]): ReadonlyMap<string, string> {
  return new Map(authors.flatMap(({ mainsnak, qualifiers }) => {
    const author = itemSchema.safeParse(mainsnak.datavalue.value);
    const name = qualifiers?.P1932[0]?.datavalue.value;
    return author.success && name !== undefined ? [[author.data.id, name] as const] : [];
  }));
}

function isbnsOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(toIsbn13).filter((isbn) => isbn !== null))].toSorted();
}

const YEAR_PRECISION = 9;
const MONTH_PRECISION = 10;

/**
 * A time value such as "+2012-06-05T00:00:00Z" to the precision it claims (9 year, 10 month, 11 day);
 * null for decades and centuries.
 */
export function dateOf({ time, precision }: z.infer<typeof timeSchema>): PartialDate | null {
  const date = /^\+?(\d{4})-(\d{2})-(\d{2})T/.exec(time);
  if (date === null || precision < YEAR_PRECISION) return null;
  const [, year, month, day] = date;
  if (precision === YEAR_PRECISION) return parsePartialDate(`${year}`);
  if (precision === MONTH_PRECISION) return parsePartialDate(`${year}-${month}`);
  return parsePartialDate(`${year}-${month}-${day}`);
}

function soleLanguage(ids: readonly string[]): string | null {
  const [first, ...others] = new Set(ids.map(languageOfItem));
  return first === undefined || others.length > 0 ? null : first;
}

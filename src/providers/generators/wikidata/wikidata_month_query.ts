import type { Month } from "../../../domain/months/month.ts";
import { ENGLISH_ITEMS } from "../../wikidata/wikidata_language.ts";
import { itemIdOf, type Row } from "../../wikidata/wikidata_rows.ts";
import { BOOK_CLASSES } from "./wikidata_book_classes.ts";

/** Something published in a month, with the items whose dates say so. */
export interface MonthFind {
  /** The work, or an edition that names none. */
  readonly id: string;
  /** Editions of it dated in the month. */
  readonly edition_ids: readonly string[];
  /** Articles about it in Wikipedias and their sisters. */
  readonly sitelinks: number;
}

/** Rows of one answer: enough for the longest list after everything that is no book is left out. */
const MAX_ROWS = 200;

/** More than fifty works have pairs of a work and a language. */
const MAX_EARLIER_ROWS = 5_000;

/** Wikidata's number for a date known to the month. */
const MONTH_PRECISION = 10;

/**
 * Far more than any month has. Blazegraph runs a sub-select before the patterns beside it only when it
 * has a limit, and its own order would begin with whole properties; to other engines it says nothing.
 * Source: Blazegraph's `ASTSparql11SubqueryOptimizer` and `TypeBasedASTJoinGroupPartitionReorderer`.
 */
const RUN_FIRST = "LIMIT 1000000";

/** Blazegraph knows these by itself, other engines refuse a query that uses one undeclared. */
const PREFIXES = `PREFIX p: <http://www.wikidata.org/prop/>
PREFIX psv: <http://www.wikidata.org/prop/statement/value/>
PREFIX schema: <http://schema.org/>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
`;

/**
 * Asks for the items dated in a month, known at least to the month, best known first. It begins with
 * the month's days, written out: all dates of one day share a node, so no range is scanned, and the
 * many items dated by year alone, which stand as 1 January, are never touched. Editions of works of an
 * earlier year are left out unless they are in English. Articles are counted on the item itself in the
 * present query service and on the item's page in Wikidata's own dumps, which QLever loads.
 * Source: Wikibase RDF dump format (`psv:`, `wikibase:timePrecision`, "WDQS data differences"),
 * Wikidata properties P577, P31, P629 and P407.
 */
export function monthQuery(month: Month): string {
  const year = dayLiteral({ ...month, month: 1 }, 1);
  return `${PREFIXES}SELECT DISTINCT ?item ?work
  (COALESCE(?fame, ?fame_of_page, ?own, ?own_of_page, 0) AS ?links)
WHERE {
  {
    SELECT DISTINCT ?item WHERE {
      {
        SELECT ?moment WHERE {
          VALUES ?day { ${daysOf(month).map((day) => dayLiteral(month, day)).join(" ")} }
          ?moment wikibase:timeValue ?day .
        } ${RUN_FIRST}
      }
      ?moment wikibase:timePrecision ?precision .
      FILTER(?precision >= ${MONTH_PRECISION})
      ?dated psv:P577 ?moment ; a wikibase:BestRank .
      ?item p:P577 ?dated .
    } ${RUN_FIRST}
  }
  ?item wdt:P31 ?class .
  FILTER(?class IN (${items(BOOK_CLASSES, ", ")}))
  OPTIONAL { ?item wikibase:sitelinks ?own . }
  OPTIONAL { ?page schema:about ?item ; wikibase:sitelinks ?own_of_page . }
  OPTIONAL {
    ?item wdt:P629 ?work .
    OPTIONAL { ?work wikibase:sitelinks ?fame . }
    OPTIONAL { ?page_of_work schema:about ?work ; wikibase:sitelinks ?fame_of_page . }
    OPTIONAL { ?work wdt:P577 ?earlier . FILTER(?earlier < ${year}) }
  }
  OPTIONAL { ?item wdt:P407 ?english . FILTER(?english IN (${items(ENGLISH_ITEMS, ", ")})) }
  FILTER(!BOUND(?earlier) || BOUND(?english))
}
ORDER BY DESC(?links) ?item
LIMIT ${MAX_ROWS}`;
}

/**
 * Asks in which languages there are editions of the works from before the month; of those known to
 * the year only, from before its year.
 */
export function earlierEditionsQuery(workIds: readonly string[], month: Month): string {
  const first = dayLiteral(month, 1);
  const year = dayLiteral({ ...month, month: 1 }, 1);
  return `${PREFIXES}SELECT DISTINCT ?work ?language WHERE {
  {
    SELECT ?work ?edition WHERE {
      VALUES ?work { ${items(workIds, " ")} }
      ?edition wdt:P629 ?work .
    } ${RUN_FIRST}
  }
  ?edition p:P577 ?dated .
  ?dated a wikibase:BestRank ; psv:P577 ?moment .
  ?moment wikibase:timeValue ?day ; wikibase:timePrecision ?precision .
  FILTER(?day < ${first} && (?precision >= ${MONTH_PRECISION} || ?day < ${year}))
  OPTIONAL { ?edition wdt:P407 ?language . }
}
LIMIT ${MAX_EARLIER_ROWS}`;
}

function daysOf({ year, month }: Month): readonly number[] {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A day as query services write dates: every date stands at midnight. */
function dayLiteral({ year, month }: Month, day: number): string {
  const iso = new Date(Date.UTC(year, month - 1, day)).toISOString().replace(".000", "");
  return `"${iso}"^^xsd:dateTime`;
}

function items(ids: readonly string[], separator: string): string {
  return ids.map((id) => `wd:${id}`).join(separator);
}

/** The rows of {@linkcode monthQuery} by book; of equally known ones the one recorded first leads. */
export function toFinds(rows: readonly Row[]): readonly MonthFind[] {
  const finds = new Map<string, { editions: Set<string>; sitelinks: number }>();
  for (const row of rows) {
    const item = itemIdOf(row.get("item"));
    if (item === null) continue;
    const work = itemIdOf(row.get("work"));
    const id = work ?? item;
    const find = finds.get(id) ?? { editions: new Set(), sitelinks: 0 };
    finds.set(id, find);
    if (id !== item) find.editions.add(item);
    const links = row.get("links") ?? "";
    if (/^\d{1,6}$/.test(links)) find.sitelinks = Math.max(find.sitelinks, Number(links));
  }
  return [...finds]
    .map(([id, { editions, sitelinks }]) => ({ id, edition_ids: [...editions], sitelinks }))
    .toSorted((a, b) => b.sitelinks - a.sitelinks || numberOf(a) - numberOf(b));
}

/** Numbers are given in order, so a lower one was recorded first. */
function numberOf({ id }: MonthFind): number {
  return Number(id.slice(1));
}

/** The rows of {@linkcode earlierEditionsQuery}: languages by work, null among them for unknown ones. */
export function toEarlierLanguages(
  rows: readonly Row[],
): ReadonlyMap<string, ReadonlySet<string | null>> {
  const languages = new Map<string, Set<string | null>>();
  for (const row of rows) {
    const work = itemIdOf(row.get("work"));
    if (work === null) continue;
    const known = languages.get(work) ?? new Set();
    languages.set(work, known.add(itemIdOf(row.get("language"))));
  }
  return languages;
}

import type { CallContext } from "../../domain/generator.ts";
import { hyphenateIsbn13, toIsbn13 } from "../../domain/isbn.ts";
import { earliestDate } from "../../domain/month_fit.ts";
import { parsePartialDate, type PartialDate } from "../../domain/partial_date.ts";
import type { WorkCandidate } from "../../domain/resolver.ts";
import { dateOf } from "../wikidata_entities.ts";
import type { WikidataRequests } from "../wikidata_requests.ts";
import { itemIdOf, type Row } from "../wikidata_rows.ts";

/** ISBNs of one query; with both spellings of each it stays far below the limits. */
const BATCH = 40;

/**
 * The items that bear one of the ISBNs given, in any form, invalid ones left out; an ISBN no answer
 * names is unknown to Wikidata. Throws `AppError` with a PROVIDER_* code.
 */
export async function findByIsbns(
  requests: WikidataRequests,
  { isbns, context }: { readonly isbns: readonly string[]; readonly context: CallContext },
): Promise<readonly WorkCandidate[]> {
  const valid = [...new Set(isbns.map(toIsbn13).filter((isbn) => isbn !== null))];
  const works: WorkCandidate[] = [];
  for (let start = 0; start < valid.length; start += BATCH) {
    const batch = valid.slice(start, start + BATCH);
    works.push(...toWorks(await requests.select(isbnQuery(batch), context), new Set(batch)));
  }
  return works;
}

/**
 * An ISBN is stored with hyphens as a rule and without them here and there, and only what is stored
 * alike is found. What an edition does not say of its authors, its work says (P629).
 */
function isbnQuery(isbns: readonly string[]): string {
  const spellings = isbns.flatMap((isbn) => [hyphenateIsbn13(isbn), isbn])
    .filter((spelling) => spelling !== null);
  return `SELECT ?isbn ?ed ?edLabel ?work ?workLabel ?authorLabel ?authorName ?date ?precision WHERE {
  VALUES ?isbn { ${spellings.map((spelling) => `"${spelling}"`).join(" ")} }
  ?ed wdt:P212 ?isbn .
  OPTIONAL { ?ed wdt:P629 ?work . }
  OPTIONAL { ?ed wdt:P629?/wdt:P50 ?author . }
  OPTIONAL { ?ed wdt:P629?/wdt:P2093 ?authorName . }
  OPTIONAL {
    ?ed p:P577 ?dated .
    ?dated a wikibase:BestRank ; psv:P577 ?moment .
    ?moment wikibase:timeValue ?date ; wikibase:timePrecision ?precision .
  }
  SERVICE wikibase:label { bd:serviceParam wikibase:language "en,mul". }
}`;
}

/** Rows are every combination of an item's ISBNs, authors and dates, so they are gathered by item. */
function toWorks(rows: readonly Row[], asked: ReadonlySet<string>): readonly WorkCandidate[] {
  const byItem = Map.groupBy(rows, (row) => itemIdOf(row.get("ed")));
  return [...byItem].flatMap(([id, itemRows]) => {
    const title = labelsIn(itemRows, "edLabel")[0] ?? labelsIn(itemRows, "workLabel")[0];
    const bare = valuesIn(itemRows, "isbn").map(toIsbn13).filter((isbn) => isbn !== null);
    const isbns = [...new Set(bare)].filter((isbn) => asked.has(isbn));
    if (id === null || title === undefined || isbns.length === 0) return [];
    const published = earliestDate(itemRows.map(dateIn));
    const unknown = { language: null, binding: null, publisher: null, pages: null };
    return [{
      provider: "wikidata" as const,
      provider_key: id,
      title,
      subtitle: null,
      authors: [...labelsIn(itemRows, "authorLabel"), ...valuesIn(itemRows, "authorName")],
      first_published: null,
      popularity: null,
      editions: isbns.map((isbn13) => ({
        isbn13,
        title,
        subtitle: null,
        // Several ISBNs on one item are several editions, and the date is one of theirs.
        published: isbns.length === 1 ? published : null,
        ...unknown,
      })),
    }];
  });
}

function valuesIn(rows: readonly Row[], name: string): readonly string[] {
  return [...new Set(rows.flatMap((row) => row.get(name) ?? []))];
}

/** The label service gives the bare id where there is no label. */
function labelsIn(rows: readonly Row[], name: string): readonly string[] {
  return valuesIn(rows, name).filter((label) => !/^Q\d+$/.test(label));
}

function dateIn(row: Row): PartialDate | null {
  const time = row.get("date");
  const precision = row.get("precision");
  if (time === undefined) return null;
  return precision === undefined
    ? parsePartialDate(time)
    : dateOf({ time, precision: Number(precision) });
}

import { assert } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { ListedBook } from "../../../src/domain/answers/book_items.ts";
import { parseBookList } from "../../../src/domain/answers/parse_book_list.ts";
import type {
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../src/domain/generation/generator.ts";
import type { Month } from "../../../src/domain/months/month.ts";
import { BOOK_LIST_SCHEMA, buildPrompt } from "../../../src/domain/generation/prompt.ts";
import { createWikidataGenerator } from "../../../src/providers/generators/wikidata/wikidata.ts";
import type { HttpOptions } from "../../../src/providers/http/http.ts";
import { createWikidataService, sparqlGraphOf } from "../../../src/simulator/wikidata/wikidata.ts";
import { indexItems } from "../../../src/simulator/wikidata/wikidata_index.ts";
import {
  links,
  statement,
  type WikidataItem,
  type WikidataStatement,
} from "../../../src/simulator/wikidata/wikidata_statements.ts";
import { type Answer, type Arrived, serveFixtures } from "../fixture_server.ts";
import { type ManualClock, manualClock } from "../manual_clock.ts";

export const MARCH: Month = { year: 2012, month: 3 };

export function request(month = MARCH, maxBooks = 20): GeneratorRequest {
  return {
    month,
    max_books: maxBooks,
    prompt: buildPrompt({ month, variant: "baseline", maxBooks }),
    answer_schema: BOOK_LIST_SCHEMA,
    max_output_tokens: 16_384,
  };
}

export interface Asked {
  readonly clock: ManualClock;
  readonly calls: string[];
  readonly ask: (
    request?: GeneratorRequest,
    signal?: AbortSignal,
  ) => Promise<GeneratorAnswer>;
  /** The books of an answer, in their order. */
  readonly list: (request?: GeneratorRequest) => Promise<readonly ListedBook[]>;
}

/** The generator with both of Wikidata's services under one address. */
export function client(
  baseUrl: string,
  { contact = "ops@example.org", ...options }: Partial<HttpOptions> & { contact?: string } = {},
): Asked {
  const clock = manualClock();
  const calls: string[] = [];
  const generator = createWikidataGenerator({
    contact,
    apiUrl: baseUrl,
    sparqlUrl: baseUrl,
    timeoutMs: 5_000,
    maxRetries: 1,
    ratePerSecond: Infinity,
    concurrency: 1,
    clock,
    random: () => 0.5,
    ...options,
  });
  const onCall = (provider: string) => void calls.push(provider);
  const ask = (asked = request(), signal = new AbortController().signal) =>
    generator.generate(asked, { signal, onCall });
  const list = async (asked = request()) => {
    const { text } = await ask(asked);
    const found = parseBookList(text, { maxBooks: asked.max_books });
    assert(found.kind === "books", text);
    const { invalid, duplicate, over_limit } = found.dropped;
    assert(invalid + duplicate + over_limit === 0, text);
    return found.books;
  };
  return { clock, calls, ask, list };
}

export async function withAnswers(
  answers: readonly Answer[],
  test: (asked: Asked & { readonly arrived: readonly Arrived[] }) => Promise<void>,
): Promise<void> {
  await using server = serveFixtures(...answers);
  await test({ ...client(server.url), arrived: server.arrived });
}

/** Asks a Wikidata that holds just these items, Mara Quill, and a book of a month that has some. */
export async function withItems(
  items: readonly WikidataItem[],
  test: (asked: Asked) => Promise<void>,
): Promise<void> {
  const index = indexItems([
    ...items,
    item("Q7", { labels: { en: "Mara Quill" } }),
    work("Q999", [dated("2012-09-04")]),
  ]);
  const { routes } = createWikidataService({
    wikidata: { index: () => index, graph: (engine) => sparqlGraphOf(index, { engine }) },
    clock: systemClock,
    enforceRates: false,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (sent) => routes.fetch(sent),
  );
  try {
    await test(client(`http://127.0.0.1:${server.addr.port}`));
  } finally {
    await server.shutdown();
  }
}

/** The titles a Wikidata with just these items gives for March 2012. */
export async function titlesOf(...items: readonly WikidataItem[]): Promise<readonly string[]> {
  let titles: readonly string[] = [];
  await withItems(items, async ({ list }) => {
    titles = (await list()).map(({ title }) => title);
  });
  return titles;
}

export function item(id: string, fields: Partial<WikidataItem> = {}): WikidataItem {
  return {
    id,
    labels: {},
    aliases: {},
    descriptions: {},
    statements: [],
    sitelinks: 0,
    ...fields,
  };
}

/** A publication date (P577). */
export function dated(
  date: string,
  rank: WikidataStatement["rank"] = "normal",
): WikidataStatement {
  return { ...statement("P577", { kind: "date", date }), rank };
}

export const BY_MARA = links("P50", ["Q7"]);
export const ENGLISH = links("P407", ["Q1860"]);
export const FRENCH = links("P407", ["Q150"]);

/** A literary work named "Work <id>" by Mara Quill, with the statements given. */
export function work(
  id: string,
  statements: readonly WikidataStatement[],
  fields: Partial<WikidataItem> = {},
): WikidataItem {
  return item(id, {
    labels: { en: `Work ${id}` },
    sitelinks: 3,
    statements: [...links("P31", ["Q7725634"]), ...BY_MARA, ...statements],
    ...fields,
  });
}

/** An edition of a work, without an author of its own. */
export function edition(
  id: string,
  workId: string,
  statements: readonly WikidataStatement[],
): WikidataItem {
  return item(id, {
    labels: { en: `Edition ${id}` },
    statements: [...links("P31", ["Q3331189"]), ...links("P629", [workId]), ...statements],
  });
}

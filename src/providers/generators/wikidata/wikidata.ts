import type {
  CallContext,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../domain/generation/generator.ts";
import type { ListedBook } from "../../../domain/answers/book_items.ts";
import { NO_SERIES } from "../../../domain/series/series_fields.ts";
import { type Month, monthIndex, monthOf } from "../../../domain/months/month.ts";
import { AppError } from "../../../errors.ts";
import { ENTITIES_MAX, type Entity } from "../../wikidata/wikidata_entities.ts";
import { ENGLISH_ITEMS, LABEL_LANGUAGES } from "../../wikidata/wikidata_language.ts";
import {
  createWikidataRequests,
  type WikidataRequests,
  type WikidataRequestsOptions,
} from "../../wikidata/wikidata_requests.ts";
import { authorOf, type MonthBook, monthBook, personName } from "./wikidata_month_books.ts";
import {
  earlierEditionsQuery,
  type MonthFind,
  monthQuery,
  toEarlierLanguages,
  toFinds,
} from "./wikidata_month_query.ts";

/** Safe defaults, as Wikimedia asks for one request after the other; fifty items take a while. */
export const WIKIDATA_GENERATOR_DEFAULTS = {
  timeoutMs: 20_000,
  maxRetries: 2,
  concurrency: 1,
} as const;

/** Goes up with every change to what is asked or kept: another query is another question. */
const MODEL = "month-query-2";

/** A month with hundreds of books in Wikidata. */
const FULL_MONTH: Month = { year: 2012, month: 9 };

/**
 * Wikidata as a generator: the books dated in the month, those with most articles about them first.
 * It costs nothing and invents nothing. A month takes one query, one request for the items of up to
 * fifty books and one for the names of their authors; another query when an edition decides, or when
 * nothing is found in a month that is over.
 */
export function createWikidataGenerator(options: WikidataRequestsOptions): Generator {
  const { clock } = options;
  const requests = createWikidataRequests(options);
  return {
    name: "wikidata",
    kind: "catalogue",
    model: MODEL,
    async generate(request, context): Promise<GeneratorAnswer> {
      const isOver = monthIndex(request.month) < monthIndex(monthOf(clock.now()));
      const books = await booksOf(requests, { request, isOver, context });
      return {
        model: MODEL,
        text: JSON.stringify({ books }),
        finish: "stop",
        finish_detail: null,
        tokens: { input: 0, output: 0, thinking: 0 },
      };
    },
  };
}

interface Asking {
  readonly request: Pick<GeneratorRequest, "month" | "max_books">;
  readonly isOver: boolean;
  readonly context: CallContext;
}

async function booksOf(
  requests: WikidataRequests,
  asking: Asking,
): Promise<readonly ListedBook[]> {
  const { request: { month, max_books }, isOver, context } = asking;
  const finds = toFinds(await requests.select(monthQuery(month), context));
  if (finds.length === 0 && isOver) await demandFullMonth(requests, context);
  const books = new Map<string, ListedBook>();
  for (const batch of batchesOf(finds)) {
    const waiting = [...await readBooks(requests, { batch, month, context })];
    while (waiting.length > 0 && books.size < max_books) {
      const next = waiting.splice(0, max_books - books.size);
      for (const book of await nameAuthors(requests, { books: next, month, context })) {
        // Two items may describe the same book.
        const key = `${book.title}\n${book.author}`.toLowerCase();
        if (!books.has(key)) books.set(key, book);
      }
    }
    if (books.size >= max_books) break;
  }
  return [...books.values()];
}

/**
 * An engine that reads the query otherwise than it is meant, or whose data is not loaded, answers with
 * no rows as well: that a month is empty is believed of a service that finds a full one full.
 */
async function demandFullMonth(requests: WikidataRequests, context: CallContext): Promise<void> {
  const finds = toFinds(await requests.select(monthQuery(FULL_MONTH), context));
  if (finds.length > 0) return;
  throw new AppError(
    "PROVIDER_UNAVAILABLE",
    "wikidata finds no book in this month, nor in one that is known to be full: the query service " +
      "does not understand the question any more, or is without its data",
    { details: { provider: "wikidata" } },
  );
}

function idsOf({ id, edition_ids }: MonthFind): readonly string[] {
  // The editions of one work must fit into one request.
  return [id, ...edition_ids].slice(0, ENTITIES_MAX);
}

/** Finds in their order, in groups whose items can be read in one request. */
function batchesOf(finds: readonly MonthFind[]): readonly (readonly MonthFind[])[] {
  const batches: MonthFind[][] = [];
  let room = 0;
  for (const find of finds) {
    const { length } = idsOf(find);
    if (length > room) {
      batches.push([]);
      room = ENTITIES_MAX;
    }
    batches.at(-1)?.push(find);
    room -= length;
  }
  return batches;
}

interface Reading {
  readonly batch: readonly MonthFind[];
  readonly month: Month;
  readonly context: CallContext;
}

async function readBooks(
  requests: WikidataRequests,
  { batch, month, context }: Reading,
): Promise<readonly MonthBook[]> {
  const entities = await readEntities(requests, {
    ids: batch.flatMap(idsOf),
    props: "labels|claims",
    context,
  });
  const books = batch.flatMap((find) => monthBook(find, { entities, month }) ?? []);
  const unsettled = books.filter(({ ruled_out_by }) => ruled_out_by !== null);
  if (unsettled.length === 0) return books;
  const query = earlierEditionsQuery(unsettled.map(({ id }) => id), month);
  const earlier = toEarlierLanguages(await requests.select(query, context));
  return books.filter(({ id, ruled_out_by }) => {
    const languages = earlier.get(id);
    if (ruled_out_by === null || languages === undefined) return true;
    return ruled_out_by === "english_edition" && !ENGLISH_ITEMS.some((item) => languages.has(item));
  });
}

interface Naming {
  readonly books: readonly MonthBook[];
  readonly month: Month;
  readonly context: CallContext;
}

async function nameAuthors(
  requests: WikidataRequests,
  { books, month, context }: Naming,
): Promise<readonly ListedBook[]> {
  const ids = [...new Set(books.flatMap(({ author_ids }) => author_ids))];
  const people = new Map<string, string>();
  for (let start = 0; start < ids.length; start += ENTITIES_MAX) {
    const some = ids.slice(start, start + ENTITIES_MAX);
    const persons = await readEntities(requests, { ids: some, props: "labels", context });
    for (const person of persons.values()) {
      const name = personName(person);
      if (name !== null) people.set(person.id, name);
    }
  }
  return books.flatMap((book) => {
    const author = authorOf(book, people);
    return author === "" ? [] : [{ title: book.title, author, month: month.month, ...NO_SERIES }];
  });
}

async function readEntities(
  requests: WikidataRequests,
  { ids, props, context }: {
    readonly ids: readonly string[];
    readonly props: "labels" | "labels|claims";
    readonly context: CallContext;
  },
): Promise<ReadonlyMap<string, Entity>> {
  const entities = await requests.entities(ids, { props, languages: LABEL_LANGUAGES, context });
  return new Map(entities.map((entity) => [entity.id, entity]));
}

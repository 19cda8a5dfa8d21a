import type { CallContext } from "../../../domain/generation/generator.ts";
import type { BookQuery, Resolver, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { answerFrom } from "../answer_from.ts";
import {
  hasAuthor,
  hasTitle,
  type SearchTerms,
  searchTerms,
  searchWords,
} from "../search_terms.ts";
import { ENTITIES_MAX, type Entity } from "../../wikidata/wikidata_entities.ts";
import {
  createWikidataRequests,
  type WikidataRequests,
  type WikidataRequestsOptions,
} from "../../wikidata/wikidata_requests.ts";
import { labelOf, toWorks } from "./wikidata_works.ts";

/** Safe defaults: Wikimedia asks for one request after the other. */
export const WIKIDATA_DEFAULTS = {
  timeoutMs: 10_000,
  maxRetries: 2,
  concurrency: 1,
} as const;

/**
 * Wikidata as a resolver. Titles are searched for through the Action API, which knows names in any
 * case and language and costs no query time. A book that is not there costs one request. One that is
 * costs two more, for its statements and for the names of its authors, and a last one for its editions
 * when no item found has an ISBN itself.
 */
export function createWikidata(options: WikidataRequestsOptions): Resolver {
  const requests = createWikidataRequests(options);
  return {
    name: "wikidata",
    find: (query, context) =>
      answerFrom(
        () => collect(requests, { query, terms: searchTerms(query), context }),
        context,
      ),
  };
}

interface Search {
  readonly query: BookQuery;
  readonly terms: SearchTerms;
  readonly context: CallContext;
}

async function collect(
  requests: WikidataRequests,
  search: Search,
): Promise<readonly WorkCandidate[]> {
  const { query: { language }, terms } = search;
  const ids = await searchPhrases(requests, search);
  if (ids.length === 0) return [];
  const items = await readItems(requests, { ids, search });
  const alike = items.filter(({ names }) =>
    names.some((name) => hasTitle({ title: name, subtitle: null }, terms))
  );
  if (alike.length === 0) return [];
  const authors = await readAuthors(requests, { alike, search });
  const known = { alike, authors, terms, language, editions: new Map<string, Entity>() };
  const works = toWorks(known);
  if (works.some((work) => hasAuthor(work, terms) && work.editions.length > 0)) return works;
  const editions = await readEditions(requests, { works, alike, search });
  return toWorks({ ...known, editions });
}

/** The items of what is likeliest the title, else those of what else may be. */
async function searchPhrases(
  requests: WikidataRequests,
  { terms: { titles }, context }: Search,
): Promise<readonly string[]> {
  for (const title of titles) {
    const phrase = searchWords(title).join(" ");
    // A title of signs alone is none that a search for words can find.
    const ids = phrase === "" ? [] : await requests.searchItems(phrase, context);
    if (ids.length > 0) return ids;
  }
  return [];
}

interface Reading {
  readonly ids: readonly string[];
  readonly search: Search;
}

function readItems(requests: WikidataRequests, { ids, search }: Reading) {
  return requests.entities(ids.slice(0, ENTITIES_MAX), {
    props: "labels|aliases|claims",
    languages: languagesOf(search),
    context: search.context,
  });
}

/** Names people are known by; `mul` holds the name that is the same in most languages. */
function languagesOf({ query }: Search): readonly string[] {
  return [...new Set(["en", "mul", query.language])];
}

interface Found {
  readonly alike: readonly Entity[];
  readonly search: Search;
}

async function readAuthors(
  requests: WikidataRequests,
  { alike, search }: Found,
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(alike.flatMap(({ author_ids }) => author_ids))].slice(0, ENTITIES_MAX);
  if (ids.length === 0) return new Map();
  const { context, query } = search;
  const languages = languagesOf(search);
  const people = await requests.entities(ids, { props: "labels", languages, context });
  return new Map(people.flatMap((person) => {
    const name = labelOf(person, query.language);
    return name === null ? [] : [[person.id, name] as const];
  }));
}

/** The editions of works by the author asked for. */
async function readEditions(
  requests: WikidataRequests,
  { works, alike, search }: Found & { readonly works: readonly WorkCandidate[] },
): Promise<ReadonlyMap<string, Entity>> {
  const keys = new Set(
    works.filter((work) => hasAuthor(work, search.terms)).map((work) => work.provider_key),
  );
  const known = new Set(alike.map(({ id }) => id));
  const ids = alike.filter(({ id }) => keys.has(id)).flatMap(({ edition_ids }) => edition_ids)
    .filter((id) => !known.has(id));
  if (ids.length === 0) return new Map();
  const editions = await readItems(requests, { ids: [...new Set(ids)], search });
  return new Map(editions.map((edition) => [edition.id, edition]));
}

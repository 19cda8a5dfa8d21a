import type { Context } from "hono";
import { htmlPage, type ServiceEnv } from "../service/service.ts";
import { entityRecord, pageIdOf } from "./wikidata_entities.ts";
import {
  type NameHit,
  parseTextQuery,
  searchByName,
  searchByText,
  type WikidataIndex,
} from "./wikidata_index.ts";
import type { WikidataItem } from "./wikidata_statements.ts";

const ENTITY_BASE = "http://www.wikidata.org/entity/";
const MAX_IDS = 50;

/** The parameters of an API call, from the query or the form that was posted. */
export async function readParameters(c: Context<ServiceEnv>): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(new URL(c.req.url).search);
  const isForm = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  if (c.req.method !== "POST" || !isForm) return parameters;
  for (const [name, value] of new URLSearchParams(await c.req.text())) parameters.set(name, value);
  return parameters;
}

/** An error, which the Action API sends with the status 200 and its code in a header. */
function apiError(
  code: string,
  { info, headers = {}, more = {} }: {
    info: string;
    headers?: Record<string, string>;
    more?: Record<string, unknown>;
  },
): Response {
  const docs = "See https://www.wikidata.org/w/api.php for API usage.";
  return Response.json({ error: { code, info, ...more, "*": docs }, servedby: "mw-api" }, {
    headers: { "mediawiki-api-error": code, ...headers },
  });
}

/**
 * The `maxlag` error for those who ask to be told: the query service is behind, whose lag counts by the
 * minute. Source: an answer of the live API in linkedpipes/etl, issue 784.
 */
export function laggedError(): Response {
  const queryserviceLag = 435;
  const lag = queryserviceLag / 60;
  return apiError("maxlag", {
    info: `Waiting for all: ${lag} seconds lagged.`,
    headers: { "retry-after": "5", "x-database-lag": String(Math.floor(lag)) },
    more: { host: "all", lag, type: "wikibase-queryservice", queryserviceLag },
  });
}

/** An error of the servers, not of the question. */
export function databaseError(): Response {
  return apiError("internal_api_error_DBQueryError", {
    info: "[8ad7f1c0-0000-4000-8000-000000000000] Caught exception of type DBQueryError",
  });
}

function listOf(parameters: URLSearchParams, name: string): string[] {
  return (parameters.get(name) ?? "").split("|").map((text) => text.trim())
    .filter((text) => text !== "");
}

/** A number from `least` to `most`; what is beyond an end becomes that end, as the API does it. */
function limitOf(
  parameters: URLSearchParams,
  spec: { name: string; least: number; most: number; byDefault: number },
): number {
  const sent = parameters.get(spec.name);
  if (sent === "max") return spec.most;
  const number = sent !== null && /^\d+$/.test(sent) ? Number(sent) : spec.byDefault;
  return Math.min(spec.most, Math.max(spec.least, number));
}

function missing(name: string): Response {
  return apiError("missingparam", { info: `The "${name}" parameter must be set.` });
}

function nameHit({ item, match }: NameHit) {
  const description = item.descriptions["en"];
  return {
    id: item.id,
    title: item.id,
    pageid: pageIdOf(item),
    concepturi: ENTITY_BASE + item.id,
    repository: "wikidata",
    url: `//www.wikidata.org/wiki/${item.id}`,
    label: item.labels[match.language] ?? Object.values(item.labels)[0],
    ...(description === undefined ? {} : { description }),
    match,
    ...(match.type === "alias" ? { aliases: [match.text] } : {}),
  };
}

function searchEntities(parameters: URLSearchParams, index: WikidataIndex): Response {
  const search = parameters.get("search") ?? "";
  const language = parameters.get("language");
  if (search === "") return missing("search");
  if (language === null) return missing("language");
  const isItem = (parameters.get("type") ?? "item") === "item";
  const limit = limitOf(parameters, { name: "limit", least: 1, most: 50, byDefault: 7 });
  const start = limitOf(parameters, { name: "continue", least: 0, most: 10_000, byDefault: 0 });
  const found = isItem ? searchByName(index, { search, language }) : [];
  return Response.json({
    searchinfo: { search },
    search: found.slice(start, start + limit).map(nameHit),
    ...(start + limit < found.length ? { "search-continue": start + limit } : {}),
    success: 1,
  });
}

function textHit(item: WikidataItem) {
  return {
    ns: 0,
    title: item.id,
    pageid: pageIdOf(item),
    size: 900 * item.statements.length,
    wordcount: 0,
    snippet: item.descriptions["en"] ?? "",
    timestamp: "2026-01-01T00:00:00Z",
  };
}

function searchTexts(parameters: URLSearchParams, index: WikidataIndex): Response {
  const srsearch = parameters.get("srsearch") ?? "";
  if (listOf(parameters, "list").includes("search") === false) {
    return Response.json({ batchcomplete: "" });
  }
  if (srsearch.trim() === "") return missing("srsearch");
  const limit = limitOf(parameters, { name: "srlimit", least: 1, most: 500, byDefault: 10 });
  const start = limitOf(parameters, { name: "sroffset", least: 0, most: 10_000, byDefault: 0 });
  const found = searchByText(index, parseTextQuery(srsearch));
  const hasMore = start + limit < found.length;
  return Response.json({
    ...(hasMore
      ? { continue: { sroffset: start + limit, continue: "-||" } }
      : { batchcomplete: "" }),
    query: {
      searchinfo: { totalhits: found.length },
      search: found.slice(start, start + limit).map(textHit),
    },
  });
}

const ALL_PROPS = ["info", "labels", "descriptions", "aliases", "claims"] as const;

function getEntities(parameters: URLSearchParams, index: WikidataIndex): Response {
  const ids = listOf(parameters, "ids");
  if (ids.length === 0) return missing("ids");
  if (ids.length > MAX_IDS) {
    return apiError("toomanyvalues", {
      info: `Too many values supplied for parameter "ids". The limit is ${MAX_IDS}.`,
      more: { limit: MAX_IDS, lowlimit: MAX_IDS, highlimit: 500 },
    });
  }
  const wrong = ids.find((id) => !/^[QPL]\d+$/i.test(id));
  if (wrong !== undefined) {
    return apiError("no-such-entity", {
      info: `Could not find an entity with the ID "${wrong}".`,
      more: { id: wrong },
    });
  }
  const props = listOf(parameters, "props");
  const languages = listOf(parameters, "languages");
  const parts = {
    props: props.length === 0 ? ALL_PROPS : props,
    languages: languages.length === 0 ? null : languages,
  };
  const entities = ids.map((sent) => {
    const id = sent.toUpperCase();
    const item = index.itemById.get(id);
    return [id, item ? entityRecord(item, parts) : { id, missing: "" }];
  });
  return Response.json({ entities: Object.fromEntries(entities), success: 1 });
}

/** Answers a call of the Action API, as far as clients that look for books use it. */
export function answerApi(parameters: URLSearchParams, index: WikidataIndex): Response {
  const action = parameters.get("action");
  if (parameters.get("format") !== "json") return htmlPage(200, "MediaWiki API result");
  switch (action) {
    case "wbsearchentities":
      return searchEntities(parameters, index);
    case "wbgetentities":
      return getEntities(parameters, index);
    case "query":
      return searchTexts(parameters, index);
    case null:
      return missing("action");
    default:
      return apiError("badvalue", {
        info: `Unrecognized value for parameter "action": ${action}.`,
      });
  }
}

/** The page behind `Special:EntityData`: one whole item, or null when there is none. */
export function entityData(id: string, index: WikidataIndex): Record<string, unknown> | null {
  const item = index.itemById.get(id);
  if (!item) return null;
  return { entities: { [id]: entityRecord(item, { props: ALL_PROPS, languages: null }) } };
}

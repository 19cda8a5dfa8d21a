import { createWikidata } from "../../../../src/providers/resolvers/wikidata/wikidata.ts";
import type { Answer } from "../../fixture_server.ts";
import { type MakeResolver, type ResolverBench, withFixtures } from "../resolver_harness.ts";

/** Both services of Wikidata under one address. */
export const makeWikidata: MakeResolver = ({ baseUrl, ...http }) =>
  createWikidata({ ...http, contact: "ops@example.org", apiUrl: baseUrl, sparqlUrl: baseUrl });

export function answering(
  answers: readonly Answer[],
  test: (bench: ResolverBench) => Promise<void>,
): Promise<void> {
  return withFixtures({ make: makeWikidata, answers }, test);
}

/** An answer of `list=search`. */
export function hits(...ids: readonly string[]): Response {
  return Response.json({ query: { search: ids.map((title) => ({ ns: 0, title, pageid: 1 })) } });
}

type Entity = Record<string, unknown> & { readonly id: string };

/** An answer of `wbgetentities`. */
export function entities(...all: readonly Entity[]): Response {
  return Response.json({
    entities: Object.fromEntries(all.map((entity) => [entity.id, entity])),
    success: 1,
  });
}

/** A label in English, as an entity's `labels`. */
export function labelled(value: string, language = "en") {
  return { labels: { [language]: { language, value } } };
}

/** A statement with a value. */
export function claim(value: unknown, rank = "normal") {
  return { mainsnak: { snaktype: "value", datavalue: { value } }, rank };
}

export function itemValue(id: string) {
  return claim({ "entity-type": "item", id });
}

export function timeValue(time: string, precision: number, rank = "normal") {
  return claim({ time: `+${time}T00:00:00Z`, precision, calendarmodel: "x" }, rank);
}

/** The work "The Salt Ledger" by Q7 with whatever statements are given besides. */
export function saltLedger(claims: Record<string, unknown> = {}, fields = {}): Entity {
  return {
    id: "Q900000001",
    ...labelled("The Salt Ledger"),
    aliases: [],
    claims: { P50: [itemValue("Q7")], P577: [timeValue("2024-03-12", 11)], ...claims },
    ...fields,
  };
}

export const MARA_QUILL = { id: "Q7", ...labelled("Mara Quill") };

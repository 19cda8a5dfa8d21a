/**
 * The program behind Wikidata's query service. Blazegraph knows prefixes, a label and a search service
 * and hints to its optimizer by itself, and counts articles on the item. QLever, chosen to follow it,
 * takes standard SPARQL only and loads Wikidata's dumps as they are, with the counts on an item's page.
 * Source: QLever's parser (2026-08), Wikibase RDF dump format ("WDQS data differences").
 */
export type QueryEngine = "blazegraph" | "qlever";

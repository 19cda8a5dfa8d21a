import { providerRecord } from "../provider_record.ts";
import { baseUrl, rate } from "../setting_schemas.ts";

/** Wikidata, which names the books it dates to the month and finds ISBNs. */
export const wikidata = providerRecord({
  name: "wikidata",
  title: "Wikidata",
  settings: {
    WIKIDATA_BASE_URL: baseUrl("https://www.wikidata.org"),
    WIKIDATA_SPARQL_URL: baseUrl("https://query.wikidata.org"),
    WIKIDATA_RATE_PER_SECOND: rate(1),
  },
  secrets: [],
  generator: {
    kind: "catalogue",
    needs: "CONTACT",
    advice: "CONTACT, your mail address or URL, for the books Wikidata dates to the month",
    key_setting: "CONTACT",
    model_setting: "WIKIDATA_SPARQL_URL",
    tokens_thought: 0,
  },
  resolver: {
    is_paid: false,
    wants: {
      setting: "CONTACT",
      is_needed: true,
      sentence: "Wikidata is not asked: set CONTACT, which Wikimedia demands of every client",
    },
    calls_per_lookup: 0.95,
  },
});

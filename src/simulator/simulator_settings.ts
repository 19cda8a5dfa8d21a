import { LOCAL_MODEL } from "./openai_compatible/openai_compatible.ts";
import { SIMULATOR_KEY } from "./simulator.ts";

/** The settings that put the simulator at `url` in the place of every outside service, unhurried. */
export function simulatorSettings(url: string): Record<string, string> {
  return {
    GEMINI_API_KEY: SIMULATOR_KEY,
    GEMINI_BASE_URL: `${url}/gemini`,
    GEMINI_RATE_PER_SECOND: "unlimited",
    XAI_API_KEY: SIMULATOR_KEY,
    XAI_BASE_URL: `${url}/xai`,
    XAI_RATE_PER_SECOND: "unlimited",
    LLM_BASE_URL: `${url}/openai_compatible/v1`,
    LLM_API_KEY: SIMULATOR_KEY,
    LLM_MODEL: LOCAL_MODEL,
    LLM_RATE_PER_SECOND: "unlimited",
    MODEL_PRICES: `${LOCAL_MODEL}=0/0`,
    ISBNDB_API_KEY: SIMULATOR_KEY,
    ISBNDB_BASE_URL: `${url}/isbndb`,
    ISBNDB_RATE_PER_SECOND: "unlimited",
    ISBNDB_DAILY_QUOTA: "unlimited",
    OPEN_LIBRARY_BASE_URL: `${url}/open_library`,
    OPEN_LIBRARY_RATE_PER_SECOND: "unlimited",
    GOOGLE_BOOKS_API_KEY: SIMULATOR_KEY,
    GOOGLE_BOOKS_BASE_URL: `${url}/google_books`,
    GOOGLE_BOOKS_RATE_PER_SECOND: "unlimited",
    GOOGLE_BOOKS_DAILY_QUOTA: "unlimited",
    ARCHIVE_ORG_BASE_URL: `${url}/archive_org`,
    ARCHIVE_ORG_RATE_PER_SECOND: "unlimited",
    WIKIDATA_BASE_URL: `${url}/wikidata`,
    WIKIDATA_SPARQL_URL: `${url}/wikidata`,
    WIKIDATA_RATE_PER_SECOND: "unlimited",
    CONTACT: "operator@alexandria.example",
  };
}

import { archiveOrgService } from "./archive_org/archive_org.ts";
import type { LatencyPlan } from "./faults/latency.ts";
import { geminiService } from "./gemini/gemini.ts";
import { googleBooksService } from "./google_books/google_books.ts";
import { isbndbService } from "./isbndb/isbndb.ts";
import { openAiCompatibleService } from "./openai_compatible/openai_compatible.ts";
import { openLibraryService } from "./open_library/open_library.ts";
import type { ServiceName } from "./service/service_names.ts";
import type { SimulatedService } from "./service/simulated_service.ts";
import { wikidataService } from "./wikidata/wikidata.ts";
import { xaiService } from "./xai/xai.ts";

/** The service of every provider. */
export const SERVICES = {
  gemini: geminiService,
  xai: xaiService,
  openai_compatible: openAiCompatibleService,
  open_library: openLibraryService,
  google_books: googleBooksService,
  archive_org: archiveOrgService,
  wikidata: wikidataService,
  isbndb: isbndbService,
} as const satisfies { readonly [Name in ServiceName]: SimulatedService<Name, never> };

type PlanOf<Service> = Service extends SimulatedService<ServiceName, infer Plan> ? Plan : never;

/** How the services of one simulator differ from the usual. */
export type ServicePlans = {
  readonly [Name in ServiceName]?: PlanOf<(typeof SERVICES)[Name]>;
};

/** How long each takes to answer, about in the proportions of the real ones. */
export const REALISTIC_LATENCY = Object.fromEntries(
  Object.values(SERVICES).map(({ name, latency }) => [name, latency]),
) as Required<LatencyPlan>;

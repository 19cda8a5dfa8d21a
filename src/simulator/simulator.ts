import { Hono } from "hono";
import { fileURLToPath } from "node:url";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type ArchiveOrgIndex, indexItems } from "./archive_org/archive_org_search.ts";
import { buildCatalogue, type Catalogue } from "./catalogue/catalogue.ts";
import { readCatalogueFiles } from "./catalogue/catalogue_files.ts";
import { controlRoutes } from "./faults/control.ts";
import { type CatalogueService, type Coverage, holdingOf } from "./catalogue/coverage.ts";
import { createFaultPlan, type FaultPlan } from "./faults/faults.ts";
import { type GoogleBooksIndex, indexVolumes } from "./google_books/google_books_search.ts";
import { indexEditions, type IsbndbIndex } from "./isbndb/isbndb_search.ts";
import { createJournal, type Journal } from "./faults/journal.ts";
import { createInventions, type Inventions } from "./language_models/invented_books.ts";
import { createModelKnowledge, type ModelKnowledge } from "./language_models/known_books.ts";
import type { LatencyPlan } from "./faults/latency.ts";
import { createOddityPlan, NO_ODDITIES, type Oddities } from "./faults/oddities.ts";
import { openLibraryKeys } from "./open_library/open_library_keys.ts";
import { seededRandom } from "./faults/random.ts";
import { mountService, type Service, type ServiceEnv } from "./service/service.ts";
import { createArchiveOrgService } from "./archive_org/archive_org.ts";
import { createGeminiService } from "./gemini/gemini.ts";
import { createGoogleBooksService, type GoogleBooksPlan } from "./google_books/google_books.ts";
import { createIsbndbService, type IsbndbPlan } from "./isbndb/isbndb.ts";
import {
  createOpenAiCompatibleService,
  type OpenAiCompatiblePlan,
} from "./openai_compatible/openai_compatible.ts";
import {
  createOpenLibraryService,
  type OpenLibrary,
  openLibraryOf,
} from "./open_library/open_library.ts";
import {
  createWikidataService,
  sparqlGraphOf,
  type Wikidata,
  type WikidataOptions,
} from "./wikidata/wikidata.ts";
import { createXaiService } from "./xai/xai.ts";
import { indexWikidata } from "./wikidata/wikidata_index.ts";

/** The key every service accepts unless another is given. */
export const SIMULATOR_KEY = "simulator-key";

/** How a simulator is set up. */
export interface SimulatorOptions {
  readonly clock: Clock;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly hostname?: string;
  /** A directory with files of the same format as the shipped ones. */
  readonly dataDir?: string;
  /** Without it every service answers at once. */
  readonly latency?: LatencyPlan;
  /** The same seed draws the same latencies, oddities and faults of a probability. */
  readonly seed?: number;
  /** Each finished journal entry is also appended here as a JSON line. */
  readonly journalFile?: string;
  readonly keys?: {
    readonly gemini?: string;
    readonly xai?: string;
    /** Without it the service takes any key and none. */
    readonly openai_compatible?: string;
    readonly isbndb?: string;
    readonly google_books?: string;
  };
  /** Which part of the data each service holds; `realistic` by default. */
  readonly coverage?: Coverage;
  /** How the language models err by themselves; not at all by default. */
  readonly oddities?: Oddities;
  /** Refuses what goes beyond the services' rates and quotas; off by default. */
  readonly enforceRates?: boolean;
  readonly isbndb?: IsbndbPlan;
  readonly googleBooks?: GoogleBooksPlan;
  readonly wikidata?: Pick<WikidataOptions, "queryEngine">;
  readonly openAiCompatible?: OpenAiCompatiblePlan;
}

/** A running simulator. */
export interface Simulator {
  /** Origin under which the services lie by their names: `${url}/gemini`, `${url}/open_library` and so on. */
  readonly url: string;
  readonly journal: Journal;
  readonly faults: FaultPlan;
  /** The first and the last year of the books its language models know; null when there is none. */
  readonly years: { readonly first: number; readonly last: number } | null;
  /** Whether the data has no such book; a model that names it made it up. */
  isInvented(book: { readonly title: string; readonly author: string }): boolean;
  /** Ends held requests, stops listening and leaves no timer behind. */
  close(): Promise<void>;
}

/** The data as each service holds it; indexing it takes long, so each part waits for its first request. */
interface Holdings {
  readonly catalogue: Catalogue;
  readonly inventions: () => Inventions;
  readonly openLibrary: () => OpenLibrary;
  readonly isbndb: () => IsbndbIndex;
  readonly googleBooks: () => GoogleBooksIndex;
  readonly archiveOrg: () => ArchiveOrgIndex;
  readonly wikidata: Wikidata;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function hold(catalogue: Catalogue, coverage: Coverage): Holdings {
  const isRealistic = coverage === "realistic";
  const part = (service: CatalogueService): Catalogue =>
    isRealistic ? holdingOf(catalogue, service) : catalogue;
  const keys = once(() => openLibraryKeys(catalogue));
  const wikidata = once(() => indexWikidata(part("wikidata"), { keys: keys(), isRealistic }));
  return {
    catalogue,
    inventions: once(() => createInventions(catalogue)),
    openLibrary: once(() => openLibraryOf(part("open_library"), keys())),
    isbndb: once(() => indexEditions(part("isbndb"))),
    googleBooks: once(() => indexVolumes(part("google_books"), { hasQuirks: isRealistic })),
    archiveOrg: once(() => indexItems(part("archive_org"), { keys: keys(), isRealistic })),
    wikidata: { index: wikidata, graph: graphsOf(wikidata) },
  };
}

/** One engine's graph is of no use to the other. */
function graphsOf(index: Wikidata["index"]): Wikidata["graph"] {
  const graphs = {
    blazegraph: once(() => sparqlGraphOf(index(), { engine: "blazegraph" })),
    qlever: once(() => sparqlGraphOf(index(), { engine: "qlever" })),
  };
  return (engine) => graphs[engine]();
}

async function load(dir: string): Promise<(coverage: Coverage) => Holdings> {
  const catalogue = buildCatalogue(await readCatalogueFiles(dir));
  const holdings = {
    full: once(() => hold(catalogue, "full")),
    realistic: once(() => hold(catalogue, "realistic")),
  };
  return (coverage) => holdings[coverage]();
}

let shippedHoldings: ReturnType<typeof load> | null = null;

/** The shipped files never change while the process runs, so they are read once. */
async function shipped(): ReturnType<typeof load> {
  shippedHoldings ??= load(fileURLToPath(new URL("./data", import.meta.url)));
  try {
    return await shippedHoldings;
  } catch (error) {
    shippedHoldings = null;
    throw error;
  }
}

function createModelServices(knowledge: ModelKnowledge, options: SimulatorOptions): Service[] {
  const { clock, enforceRates = false, keys } = options;
  const asked = { knowledge, clock, enforceRates };
  return [
    createGeminiService({ ...asked, key: keys?.gemini ?? SIMULATOR_KEY }),
    createXaiService({ ...asked, key: keys?.xai ?? SIMULATOR_KEY }),
    createOpenAiCompatibleService({
      knowledge,
      clock,
      key: keys?.openai_compatible ?? null,
      plan: options.openAiCompatible ?? {},
    }),
  ];
}

function createCatalogueServices(holdings: Holdings, options: SimulatorOptions): Service[] {
  const { clock, enforceRates = false, keys } = options;
  return [
    createOpenLibraryService({ library: holdings.openLibrary, clock, enforceRates }),
    createIsbndbService({
      index: holdings.isbndb,
      clock,
      key: keys?.isbndb ?? SIMULATOR_KEY,
      enforceRates,
      plan: options.isbndb ?? {},
    }),
    createGoogleBooksService({
      index: holdings.googleBooks,
      clock,
      key: keys?.google_books ?? SIMULATOR_KEY,
      enforceRates,
      plan: options.googleBooks ?? {},
    }),
    createArchiveOrgService({ index: holdings.archiveOrg, clock, enforceRates }),
    createWikidataService({
      wikidata: holdings.wikidata,
      clock,
      enforceRates,
      ...options.wikidata,
    }),
  ];
}

function listen(
  app: Hono<ServiceEnv>,
  { hostname, port }: { hostname: string; port: number },
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { hostname, port, onListen: () => {} },
      (request, { completed }) => app.fetch(request, { completed }),
    );
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new AppError("PORT_IN_USE", `Port ${port} on ${hostname} is taken by another program`, {
      cause,
      details: { hostname, port },
    });
  }
}

/**
 * Starts the outside services in this process, over the data of `dataDir`.
 * Throws `AppError` CATALOGUE_UNREADABLE when the data cannot be used and PORT_IN_USE when the port is
 * taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, hostname = "127.0.0.1", port = 0, seed = 1, oddities = NO_ODDITIES } = options;
  const holdingsFor = await (options.dataDir === undefined ? shipped() : load(options.dataDir));
  const holdings = holdingsFor(options.coverage ?? "realistic");
  const { catalogue, inventions } = holdings;
  const closing = new AbortController();
  const journal = createJournal({
    clock,
    ...(options.journalFile === undefined ? {} : { file: options.journalFile }),
  });
  const faults = createFaultPlan({
    random: seededRandom(seed),
    hasUnknownBooks: catalogue.unknownBooks.length > 0,
  });
  const shared = {
    clock,
    journal,
    faults,
    oddities: createOddityPlan({ oddities, seed, clock }),
    latency: options.latency ?? {},
    random: seededRandom(seed + 1),
    closing: closing.signal,
  };
  const app = new Hono<ServiceEnv>();
  app.route("/_simulator", controlRoutes({ journal, faults, catalogue }));
  const knowledge = createModelKnowledge({ catalogue, oddities, inventions, seed });
  const services = [
    ...createModelServices(knowledge, options),
    ...createCatalogueServices(holdings, options),
  ];
  for (const service of services) mountService(app, service, shared);
  const server = listen(app, { hostname, port });
  return {
    url: `http://${hostname}:${server.addr.port}`,
    journal,
    faults,
    years: yearsOf(catalogue),
    isInvented: (book) => inventions().isInvented(book),
    async close() {
      closing.abort();
      await server.shutdown();
      journal.close();
    },
  };
}

function yearsOf({ worksByMonth }: Catalogue): Simulator["years"] {
  const months = [...worksByMonth.keys()].toSorted();
  const [first, last] = [months.at(0), months.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { first: Number(first.slice(0, 4)), last: Number(last.slice(0, 4)) };
}

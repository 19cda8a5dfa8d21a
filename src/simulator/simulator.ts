import { Hono } from "hono";
import { fileURLToPath } from "node:url";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { addWorks, buildCatalogue, type Catalogue, type SimulatedWork } from "./books/catalogue.ts";
import { readCatalogueFiles } from "./books/catalogue_files.ts";
import { fillRecords } from "./books/fill_records.ts";
import { type Coverage, holdingOf } from "./books/coverage.ts";
import { controlRoutes } from "./faults/control_routes.ts";
import { createFaultPlan, type FaultPlan } from "./faults/fault_plan.ts";
import { createJournal, type Journal } from "./faults/journal.ts";
import type { LatencyPlan } from "./faults/latency.ts";
import { NO_ODDITIES, type Oddities } from "./faults/oddities.ts";
import { createOddityPlan } from "./faults/oddity_plan.ts";
import { seededRandom } from "./faults/random.ts";
import { createInventions, type Inventions } from "./language_models/invented_books.ts";
import { createModelKnowledge } from "./language_models/model_knowledge.ts";
import { mountService } from "./service/mount_service.ts";
import { makeOnce } from "./service/make_once.ts";
import type { Service, ServiceEnv } from "./service/service.ts";
import { SERVICE_NAMES, type ServiceName } from "./service/service_names.ts";
import type { HeldData, ServiceParts } from "./service/simulated_service.ts";
import { type ServicePlans, SERVICES } from "./services.ts";

/** The key every service accepts unless another is given. */
export const SIMULATOR_KEY = "simulator-key";

/** Works by the service that holds them; those of one id are one work, in whichever service. */
export type AddedWorks = Partial<Readonly<Record<ServiceName, readonly SimulatedWork[]>>>;

/** How a simulator is set up. */
export interface SimulatorOptions {
  readonly clock: Clock;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly hostname?: string;
  /** A directory with files of the same format as the shipped ones. */
  readonly dataDir?: string;
  /**
   * What each service holds, in the place of its part of a directory's data; a service that is not named
   * holds nothing. They are shown as they are: `coverage` is of no effect.
   */
  readonly books?: Partial<Readonly<Record<ServiceName, Catalogue>>>;
  /** What services hold beside their part of a directory's data, shown as it is. */
  readonly added?: AddedWorks;
  /**
   * Whether its services index their part of the data before it listens, so that no first request waits for
   * it, instead of each when it is first asked; by default for data of a directory, which may be large.
   */
  readonly isPrepared?: boolean;
  /** Without it every service answers at once. */
  readonly latency?: LatencyPlan;
  /** The same seed draws the same latencies, oddities and faults of a probability. */
  readonly seed?: number;
  /** Each finished journal entry is also appended here as a JSON line. */
  readonly journalFile?: string;
  /** Which part of the data each service holds; `realistic` by default. */
  readonly coverage?: Coverage;
  /** How the language models err by themselves; not at all by default. */
  readonly oddities?: Oddities;
  /** Refuses what goes beyond the services' rates and quotas; off by default. */
  readonly enforceRates?: boolean;
  /** How its services differ from the usual, such as by the key they take. */
  readonly plans?: ServicePlans;
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

/** Starts a service over its part of the data, which is indexed when a first request needs it. */
type StartService = (parts: ServiceParts<unknown>) => Service;

interface Holdings {
  readonly catalogue: Catalogue;
  readonly inventions: () => Inventions;
  readonly start: Readonly<Record<ServiceName, StartService>>;
}

function hold(whole: Catalogue, held: (name: ServiceName) => HeldData): Holdings {
  const start = SERVICE_NAMES.map((name): [ServiceName, StartService] => // What it is started with stands under its own name, so the plan is one of its kind.
  [name, SERVICES[name].hold(held(name)) as StartService]);
  return {
    catalogue: whole,
    inventions: makeOnce(() => createInventions(whole)),
    start: Object.fromEntries(start) as Holdings["start"],
  };
}

interface Parts {
  readonly coverage: Coverage;
  readonly added?: AddedWorks | undefined;
}

function holdParts(shared: Catalogue, { coverage, added = {} }: Parts): Holdings {
  const isRealistic = coverage === "realistic";
  const addedOnce = new Map(Object.values(added).flat().map((work) => [work.id, work]));
  // Services link to each other's records, so each has to know of all.
  const whole = addWorks(shared, [...addedOnce.values()]);
  return hold(shared, (name) => ({
    catalogue: makeOnce(() =>
      addWorks(isRealistic ? holdingOf(shared, SERVICES[name]) : shared, added[name] ?? [])
    ),
    whole,
    isRealistic,
  }));
}

const NO_BOOKS: Catalogue = {
  works: [],
  isbns: new Map(),
  worksByMonth: new Map(),
  unknownBooks: [],
};

function holdBooks(books: NonNullable<SimulatorOptions["books"]>): Holdings {
  return hold(NO_BOOKS, (name) => {
    const whole = books[name] ?? NO_BOOKS;
    return { catalogue: () => whole, whole, isRealistic: false };
  });
}

async function load(dir: string): Promise<(parts: Parts) => Holdings> {
  const files = await readCatalogueFiles(dir);
  const plain = buildCatalogue(files);
  const catalogues = {
    full: () => plain,
    realistic: makeOnce(() => fillRecords(plain, files.benchmark)),
  };
  const holdings = {
    full: makeOnce(() => holdParts(catalogues.full(), { coverage: "full" })),
    realistic: makeOnce(() => holdParts(catalogues.realistic(), { coverage: "realistic" })),
  };
  return (parts) =>
    parts.added === undefined
      ? holdings[parts.coverage]()
      : holdParts(catalogues[parts.coverage](), parts);
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

async function readHoldings(
  { books, dataDir, added, coverage = "realistic" }: SimulatorOptions,
): Promise<Holdings> {
  if (books !== undefined) return holdBooks(books);
  const holdingsFor = await (dataDir === undefined ? shipped() : load(dataDir));
  return holdingsFor({ coverage, added });
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
  const { catalogue, inventions, start } = await readHoldings(options);
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
  const { enforceRates = false, plans = {} } = options;
  const { isPrepared = options.dataDir !== undefined } = options;
  for (const name of SERVICE_NAMES) {
    const parts = { clock, key: SIMULATOR_KEY, enforceRates, knowledge, plan: plans[name] };
    const service = start[name](parts);
    if (isPrepared) service.prepare?.();
    mountService(app, { name, service }, shared);
  }
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

import { Hono } from "hono";
import { fileURLToPath } from "node:url";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { buildCatalogue, type Catalogue } from "./books/catalogue.ts";
import { readCatalogueFiles } from "./books/catalogue_files.ts";
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
import type { ServiceParts } from "./service/simulated_service.ts";
import { type ServicePlans, SERVICES } from "./services.ts";

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

function hold(whole: Catalogue, coverage: Coverage): Holdings {
  const isRealistic = coverage === "realistic";
  const start = SERVICE_NAMES.map((name): [ServiceName, StartService] => {
    const service = SERVICES[name];
    const catalogue = makeOnce(() => isRealistic ? holdingOf(whole, service) : whole);
    // What it is started with stands under its own name, so the plan is one of its kind.
    return [name, service.hold({ catalogue, whole, isRealistic }) as StartService];
  });
  return {
    catalogue: whole,
    inventions: makeOnce(() => createInventions(whole)),
    start: Object.fromEntries(start) as Holdings["start"],
  };
}

async function load(dir: string): Promise<(coverage: Coverage) => Holdings> {
  const catalogue = buildCatalogue(await readCatalogueFiles(dir));
  const holdings = {
    full: makeOnce(() => hold(catalogue, "full")),
    realistic: makeOnce(() => hold(catalogue, "realistic")),
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
  const { enforceRates = false, plans = {} } = options;
  for (const name of SERVICE_NAMES) {
    const parts = { clock, key: SIMULATOR_KEY, enforceRates, knowledge, plan: plans[name] };
    mountService(app, { name, service: holdings.start[name](parts) }, shared);
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

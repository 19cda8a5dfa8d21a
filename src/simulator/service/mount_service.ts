import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Clock } from "../../clock.ts";
import type { PlayableFaultPlan } from "../faults/fault_plan.ts";
import type { FaultRule } from "../faults/faults.ts";
import { CLIENT_LEFT, type WritableJournal } from "../faults/journal.ts";
import { drawLatency, type LatencyPlan } from "../faults/latency.ts";
import type { OddityPlan } from "../faults/oddity_plan.ts";
import { htmlPage, type Service, type ServiceEnv } from "./service.ts";
import type { ServiceName } from "./service_names.ts";

/** A service and what it is called. */
interface NamedService {
  readonly name: ServiceName;
  readonly service: Service;
}

/** What the simulator lends to every service. */
export interface SharedParts {
  readonly clock: Clock;
  readonly journal: WritableJournal;
  readonly faults: PlayableFaultPlan;
  readonly oddities: OddityPlan;
  readonly latency: LatencyPlan;
  readonly random: () => number;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** How long a "timeout" is held when the client has more patience than that. */
const LONGEST_HOLD_MS = 120_000;

/** The true answer with its second half missing. */
async function breakBody(response: Response, wordsBehind = ""): Promise<Response> {
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(text.slice(0, Math.ceil(text.length / 2)) + wordsBehind, {
    status: response.status,
    headers,
  });
}

async function play(rule: FaultRule, options: {
  c: Context<ServiceEnv>;
  service: Service;
  next: () => Promise<void>;
}): Promise<Response> {
  const { c, service, next } = options;
  switch (rule.kind) {
    case "timeout":
      return htmlPage(504, "504 Gateway Time-out");
    case "html":
      return htmlPage(200, "Just a moment...");
    case "broken_json":
      await next();
      return await breakBody(c.res);
    case "cut_off":
      await next();
      return await breakBody(c.res, await service.wordsOnBreakingOff?.(c));
    default:
      return await service.showFault(rule, c);
  }
}

/** Path and query below the service as they were sent, but for the key. */
function pathBelow(name: ServiceName, url: URL): string {
  const shown = new URL(url);
  if (shown.searchParams.has("key")) shown.searchParams.delete("key");
  return shown.pathname.slice(name.length + 1) + shown.search;
}

/** Waits for `ms` unless the client leaves or the simulator closes; true when the client has left. */
async function keepWaiting(ms: number, options: {
  client: AbortSignal;
  clock: Clock;
  closing: AbortSignal;
}): Promise<boolean> {
  const { client, clock, closing } = options;
  const signal = AbortSignal.any([client, closing]);
  try {
    await clock.sleep(ms, signal);
  } catch (reason) {
    if (!signal.aborted) throw reason;
  }
  return client.aborted;
}

/** Journal, latency and faults around every request of a service. */
function gate(
  { name, service }: NamedService,
  shared: SharedParts,
): MiddlewareHandler<ServiceEnv> {
  const { clock, journal, faults, oddities, closing } = shared;
  let openCount = 0;
  return async (c, next) => {
    const subject = await service.describe(c);
    const path = pathBelow(name, new URL(c.req.url));
    const entry = journal.open({ service: name, method: c.req.method, path, ...subject });
    const refusal = service.refuseParallel?.(c, openCount) ?? null;
    const rule = refusal ? null : faults.take(name, subject) ?? oddities.take(name, subject);
    openCount++;
    if (rule) entry.fault = rule.kind;
    const latencyMs = drawLatency(shared.latency[name], shared.random);
    const waitMs = rule?.kind === "timeout" ? LONGEST_HOLD_MS : latencyMs;
    // Asking for the signal makes Deno print a notice about it, and nobody leaves before an answer that
    // takes no time.
    const hasLeft = waitMs > 0 &&
      await keepWaiting(waitMs, { client: c.req.raw.signal, clock, closing });
    openCount--;
    if (refusal) {
      c.res = refusal;
    } else if (rule) {
      const response = await play(rule, { c, service, next });
      // Without this Hono would merge the headers of the true answer into the fault's.
      c.res = undefined;
      c.res = response;
    } else {
      await next();
    }
    entry.status = hasLeft ? CLIENT_LEFT : c.res.status;
    c.env.completed.then(() => !hasLeft, () => false).then((isAnswered) => {
      entry.answered = isAnswered;
      journal.finish(entry);
    });
  };
}

/** Mounts a service below `/{name}`. */
export function mountService(
  app: Hono<ServiceEnv>,
  named: NamedService,
  shared: SharedParts,
): void {
  const guarded = new Hono<ServiceEnv>();
  guarded.use("*", gate(named, shared));
  guarded.route("/", named.service.routes);
  app.route(`/${named.name}`, guarded);
}

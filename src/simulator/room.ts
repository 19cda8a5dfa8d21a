import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { Clock } from "../clock.ts";
import type { FaultRule, PlayableFaultPlan } from "./faults.ts";
import { CLIENT_LEFT, type JournalEntry, type WritableJournal } from "./journal.ts";
import { drawLatency, type LatencyPlan } from "./latency.ts";

/** The outside services that are simulated. */
export const ROOM_NAMES = ["gemini", "open_library", "isbndb"] as const;
export type RoomName = (typeof ROOM_NAMES)[number];

/** What a request is about, as far as its room can tell. */
export interface Subject {
  /** `YYYY-MM`, for generators. */
  readonly month?: string;
  /** For resolvers. */
  readonly query?: { title?: string; author?: string; isbns?: readonly string[] };
}

/** What travels with a request through Hono. */
export interface RoomEnv {
  Bindings: {
    /** Settles when the response has left, or rejects when it could not. */
    readonly completed: Promise<void>;
  };
}

/** One outside service. Adding one means writing such an object and naming it in `ROOM_NAMES`. */
export interface Room {
  readonly name: RoomName;
  /** Routes below the room's own path. */
  readonly routes: Hono<RoomEnv>;
  /** What the request asks for; must accept any request, also a senseless one. */
  describe(c: Context<RoomEnv>): Subject | Promise<Subject>;
  /** The service's own way of showing a fault; never asked for timeout, html and broken_json. */
  showFault(rule: FaultRule, c: Context<RoomEnv>): Response | Promise<Response>;
}

export interface RoomServices {
  readonly clock: Clock;
  readonly journal: WritableJournal;
  readonly faults: PlayableFaultPlan;
  readonly latency: LatencyPlan;
  readonly random: () => number;
  /** Aborted when the simulator closes. */
  readonly closing: AbortSignal;
}

/** How long a "timeout" is held when the client has more patience than that. */
const LONGEST_HOLD_MS = 120_000;

/** A page as a proxy in front of a service shows it instead of an answer. */
export function htmlPage(status: number, title: string): Response {
  const html =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
  return new Response(html, { status, headers: { "content-type": "text/html" } });
}

/** Waits unless the client leaves or the simulator closes first; true when the wait was served out. */
async function waitFor(ms: number, { clock, signal }: { clock: Clock; signal: AbortSignal }) {
  if (ms <= 0) return !signal.aborted;
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (reason) {
    if (signal.aborted) return false;
    throw reason;
  }
}

/** The true answer with its second half missing. */
async function breakBody(response: Response): Promise<Response> {
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(text.slice(0, Math.ceil(text.length / 2)), {
    status: response.status,
    headers,
  });
}

function clientLeft(): Response {
  return new Response(null, { status: 503 });
}

async function play(rule: FaultRule | null, options: {
  c: Context<RoomEnv>;
  room: Room;
  next: () => Promise<void>;
  hold: () => Promise<unknown>;
}): Promise<Response> {
  const { c, room, next } = options;
  if (rule?.kind === "timeout") {
    await options.hold();
    return clientLeft();
  }
  if (rule?.kind === "html") return htmlPage(200, "Just a moment...");
  if (rule && rule.kind !== "broken_json") return await room.showFault(rule, c);
  await next();
  return rule?.kind === "broken_json" ? await breakBody(c.res) : c.res;
}

function pathBelow(room: Room, url: URL): string {
  const shown = new URL(url);
  shown.searchParams.delete("key");
  const path = shown.pathname.slice(room.name.length + 1);
  return decodeURI(path + shown.search);
}

/** Journal, latency and faults around every request of a room. */
function gate(room: Room, services: RoomServices): MiddlewareHandler<RoomEnv> {
  const { clock, journal, faults, closing } = services;
  return async (c, next) => {
    const subject = await room.describe(c);
    const entry: JournalEntry = journal.open({
      room: room.name,
      method: c.req.method,
      path: pathBelow(room, new URL(c.req.url)),
      ...subject,
    });
    const rule = faults.take(room.name, subject);
    if (rule) entry.fault = rule.kind;
    const signal = AbortSignal.any([c.req.raw.signal, closing]);
    const latencyMs = drawLatency(services.latency[room.name], services.random);
    const isWaiting = await waitFor(latencyMs, { clock, signal });
    const hold = () => waitFor(LONGEST_HOLD_MS, { clock, signal });
    const response = isWaiting ? await play(rule, { c, room, next, hold }) : clientLeft();
    const hasLeft = c.req.raw.signal.aborted;
    entry.status = hasLeft ? CLIENT_LEFT : response.status;
    c.env.completed.then(
      () => {
        entry.answered = !hasLeft;
        journal.finish(entry);
      },
      () => journal.finish(entry),
    );
    c.res = undefined;
    c.res = response;
  };
}

/** Mounts a room below `/{name}`. */
export function mountRoom(app: Hono<RoomEnv>, room: Room, services: RoomServices): void {
  const guarded = new Hono<RoomEnv>();
  guarded.use("*", gate(room, services));
  guarded.route("/", room.routes);
  app.route(`/${room.name}`, guarded);
}

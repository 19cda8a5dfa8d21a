import type { Context, Hono } from "hono";
import type { RequestSubject } from "./request_subject.ts";
import type { FaultRule } from "../faults/faults.ts";

/** What travels with a request through Hono. */
export interface ServiceEnv {
  Bindings: {
    /** Settles when the response has left, or rejects when it could not. */
    readonly completed: Promise<void>;
  };
}

/** How one outside service answers. */
export interface Service {
  /** Routes below the service's own path. */
  readonly routes: Hono<ServiceEnv>;
  /** Makes what its first request would wait for: the indexes of its part of the data. */
  prepare?(): void;
  /** What the request asks for; must accept any request, also a senseless one. */
  describe(c: Context<ServiceEnv>): RequestSubject | Promise<RequestSubject>;
  /** The service's own way of showing a fault; never asked for timeout, html and broken_json. */
  showFault(rule: FaultRule, c: Context<ServiceEnv>): Response | Promise<Response>;
  /** What stands behind an answer that breaks off, in the services that play "cut_off". */
  wordsOnBreakingOff?(c: Context<ServiceEnv>): string | Promise<string>;
  /** Turns a request away that came while `openCount` others of the service were under way. */
  refuseParallel?(c: Context<ServiceEnv>, openCount: number): Response | null;
}

/** A page as a proxy in front of a service shows it instead of an answer. */
export function htmlPage(status: number, title: string): Response {
  const html =
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
  return new Response(html, { status, headers: { "content-type": "text/html" } });
}

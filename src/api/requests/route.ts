import type { z } from "zod";
import type { SchedulerContext, Selecting } from "../../scheduler/scheduler_context.ts";
import { parseFields } from "./parse_fields.ts";

/** What a route needs that the database alone can answer, with or without a running service. */
export type DatabaseContext = Selecting & Pick<SchedulerContext, "log">;

/** A request as it is sent: what stands in the path and the query by its name, and the JSON body. */
export interface RouteRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What is told of a route to define it. */
interface RouteDefinition<
  Context,
  Params extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  /** Below `/api/internal`; `:name` stands for a parameter. */
  readonly path: `/${string}`;
  /** The parameters of the path, and of the query those that are not in it. */
  readonly params?: Params;
  /** The JSON body; a route that takes one is a POST, any other a GET. */
  readonly body?: Body;
  /** The whole answer, also for commands and whoever else asks: a contract, fields may only be added. */
  readonly answer: Answer;
  /** Requests that are right, which `tests/api/routes_test.ts` sends; none are needed without fields. */
  readonly examples?: readonly {
    readonly params?: Readonly<Record<string, string>>;
    readonly body?: z.input<Body>;
  }[];
  /** Whether those who ask at the same time share one answer, written out once. */
  readonly isShared?: boolean;
  /** Does what is asked. What it throws becomes the answer: see `error_answer.ts`. */
  handle(
    context: Context,
    request: { readonly params: z.output<Params>; readonly body: z.output<Body> },
  ): Promise<z.output<Answer>>;
}

/** One route, with the schemas of what it is asked and what it answers. */
export interface Route<Context = SchedulerContext, Answer extends z.ZodType = z.ZodType> {
  readonly method: "GET" | "POST";
  readonly path: `/${string}`;
  readonly params?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: Answer;
  readonly examples: readonly RouteRequest[];
  readonly isShared: boolean;
  // deno-lint-ignore no-explicit-any -- parsed by the schemas beside it, of which only the route knows
  handle(context: Context, request: { params: any; body: any }): Promise<z.output<Answer>>;
}

/** Defines a route. */
export function defineRoute<
  Context,
  Params extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(definition: RouteDefinition<Context, Params, Body, Answer>): Route<Context, Answer> {
  const { examples = [{}], isShared = false, body } = definition;
  return { ...definition, method: body === undefined ? "GET" : "POST", examples, isShared };
}

/**
 * What was sent, as the route's schemas read it.
 *
 * Throws `AppError` BAD_REQUEST naming every wrong field.
 */
export function parseRequest(
  { params, body }: Pick<Route, "params" | "body">,
  sent: RouteRequest,
): { params: unknown; body: unknown } {
  return {
    params: params === undefined ? {} : parseFields(params, sent.params ?? {}),
    body: body === undefined ? undefined : parseFields(body, sent.body ?? {}),
  };
}

/** Path and query of a request, below `/api/internal`. */
export function routeUrl(
  path: string,
  params: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams(params);
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    query.delete(name);
    return encodeURIComponent(params[name] ?? "");
  });
  return query.size === 0 ? filled : `${filled}?${query}`;
}

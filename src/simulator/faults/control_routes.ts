import { type Context, Hono } from "hono";
import { z } from "zod";
import { AppError } from "../../errors.ts";
import type { Catalogue } from "../books/catalogue.ts";
import { type FaultPlan, faultRuleSchema } from "./fault_plan.ts";
import type { Journal } from "./journal.ts";
import type { ServiceEnv } from "../service/service.ts";
import { SERVICE_NAMES } from "../service/service_names.ts";

/** What can be watched and steered. */
export interface ControlOptions {
  readonly journal: Journal;
  readonly faults: FaultPlan;
  readonly catalogue: Catalogue;
}

const journalParameters = z.strictObject({
  service: z.enum(SERVICE_NAMES).optional(),
  since: z.coerce.number().int().min(0).optional(),
});

const faultsBody = z.union([faultRuleSchema, z.array(faultRuleSchema).min(1)]);

function refuse(c: Context, error: z.ZodError | AppError): Response {
  const message = error instanceof AppError ? error.message : z.prettifyError(error);
  return c.json({ error: message }, 400);
}

async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function overview({ journal, faults, catalogue }: ControlOptions) {
  return {
    services: SERVICE_NAMES.map((service) => ({
      service,
      path: `/${service}`,
      request_count: journal.count({ service }),
    })),
    fault_count: faults.list().length,
    catalogue: {
      work_count: catalogue.works.length,
      edition_count: catalogue.isbns.size,
      month_count: catalogue.worksByMonth.size,
    },
  };
}

async function addFaults(c: Context, faults: FaultPlan): Promise<Response> {
  const parsed = faultsBody.safeParse(await readJson(c));
  if (!parsed.success) return refuse(c, parsed.error);
  const rules = Array.isArray(parsed.data) ? parsed.data : [parsed.data];
  try {
    for (const rule of rules) faults.add(rule);
  } catch (error) {
    if (error instanceof AppError) return refuse(c, error);
    throw error;
  }
  return c.json({ added: rules.length, faults: faults.list() }, 201);
}

/** Routes below `/_simulator`, so that a simulator in another process can be watched and steered. */
export function controlRoutes(options: ControlOptions): Hono<ServiceEnv> {
  const { journal, faults } = options;
  const routes = new Hono<ServiceEnv>();
  routes.get("/", (c) => c.json(overview(options)));
  routes.get("/journal", (c) => {
    const parsed = journalParameters.safeParse(c.req.query());
    if (!parsed.success) return refuse(c, parsed.error);
    const { service, since } = parsed.data;
    const entries = journal.entries({
      ...(service === undefined ? {} : { service }),
      ...(since === undefined ? {} : { since }),
    });
    return c.json({ entries });
  });
  routes.delete("/journal", (c) => {
    journal.clear();
    return c.body(null, 204);
  });
  routes.get("/faults", (c) => c.json({ faults: faults.list() }));
  routes.post("/faults", (c) => addFaults(c, faults));
  routes.delete("/faults", (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  return routes;
}

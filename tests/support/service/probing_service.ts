/**
 * The service as `main.ts` has it, which besides tries what it is told: a POST to `/try` of
 * `{"read": path}`, `{"write": path}`, `{"list": path}`, `{"connect": [host, port]}`, `{"fetch": url}`,
 * `{"run": program}` or `{"variable": name}` answers `done`, or the name of the error it got.
 */
import { buildApp } from "../../../src/app/app.ts";
import { serveApp } from "../../../src/cli/serve_app.ts";
import { systemClock } from "../../../src/clock.ts";
import { parseConfig, readEnvironment } from "../../../src/config.ts";
import { secretsOf } from "../../../src/secret_settings.ts";
import { createRedactor } from "../../../src/domain/text/redaction.ts";
import { configureLog, createLog } from "../../../src/log.ts";

const ATTEMPTS: Readonly<Record<string, (what: never) => unknown>> = {
  read: (path: string) => Deno.readTextFile(path),
  write: (path: string) => Deno.writeTextFile(path, "written", { createNew: true }),
  list: (path: string) => Array.fromAsync(Deno.readDir(path)),
  connect: async ([hostname, port]: [string, number]) => {
    (await Deno.connect({ hostname, port })).close();
  },
  fetch: async (url: string) => await (await fetch(url)).body?.cancel(),
  run: (program: string) => new Deno.Command(program).output(),
  variable: (name: string) => Deno.env.get(name),
};

async function attempt(request: Request): Promise<string> {
  const [[kind, what]] = Object.entries(await request.json()) as [[string, never]];
  try {
    await ATTEMPTS[kind]!(what);
    return "done";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

const config = parseConfig(readEnvironment());
await configureLog({
  level: config.LOG_LEVEL,
  format: config.LOG_FORMAT,
  redact: createRedactor(secretsOf(config)),
});
const log = createLog();
const app = await buildApp(config, { clock: systemClock, log });
const server = await serveApp({
  ...app,
  fetch: async (request) =>
    new URL(request.url).pathname === "/try"
      ? Response.json(await attempt(request))
      : await app.fetch(request),
}, { config, clock: systemClock, log });
log.info("listening", { url: server.url });
await server.untilSignal();
await server.close();
await app.shutdown();
Deno.exit(0);

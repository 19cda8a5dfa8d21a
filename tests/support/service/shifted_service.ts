/**
 * The service at another time: `main.ts` with a clock that is ahead by as many milliseconds as the
 * argument says, or later a POST of `{"shift_ms": …}` to `/clock`. It rescues months all the time, since
 * crons would wait for the system's clock.
 */
import { buildApp } from "../../../src/app/app.ts";
import { serveApp } from "../../../src/cli/serve_app.ts";
import { systemClock } from "../../../src/clock.ts";
import { parseConfig, readEnvironment } from "../../../src/config.ts";
import { secretsOf } from "../../../src/secret_settings.ts";
import { createRedactor } from "../../../src/domain/text/redaction.ts";
import { configureLog, createLog } from "../../../src/log.ts";
import { shiftedClock } from "../shifted_clock.ts";

const RESCUE_EVERY_MS = 500;

const config = parseConfig(readEnvironment());
await configureLog({
  level: config.LOG_LEVEL,
  format: config.LOG_FORMAT,
  redact: createRedactor(secretsOf(config)),
});
const log = createLog();
const clock = shiftedClock(Number(Deno.args[0]));
const app = await buildApp(config, { clock, log });

async function answer(request: Request): Promise<Response> {
  if (new URL(request.url).pathname !== "/clock") return await app.fetch(request);
  const { shift_ms } = await request.json();
  clock.put(new Date(systemClock.now().getTime() + shift_ms).toISOString());
  return Response.json({ shift_ms });
}

const server = await serveApp({ ...app, fetch: answer }, { config, clock: systemClock, log });
log.info("listening", { url: server.url });

let isStopping = false;
const signalled = server.untilSignal().then(() => void (isStopping = true));
while (!isStopping) {
  await app.rescue();
  await Promise.race([signalled, systemClock.sleep(RESCUE_EVERY_MS)]);
}
await server.close();
await app.shutdown();
Deno.exit(0);

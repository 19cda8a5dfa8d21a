/** The service: `deno task start`. */
import { buildApp } from "./src/app/app.ts";
import { exitOnError, hideOnTerminal } from "./src/cli/exit_on_error.ts";
import { parseFlags } from "./src/cli/parse_flags.ts";
import { serveApp } from "./src/cli/serve_app.ts";
import { systemClock } from "./src/clock.ts";
import { describeConfig, parseConfig, readEnvironment } from "./src/config.ts";
import { secretsOf } from "./src/secret_settings.ts";
import { createRedactor } from "./src/domain/text/redaction.ts";
import { isReadableByOthers } from "./src/app/file_modes.ts";
import { configureLog, createLog } from "./src/log.ts";

const config = await exitOnError(() => {
  const command = "deno task start: the service, with the settings of .env (see .env.example)";
  parseFlags(Deno.args, { command, flags: {} });
  const environment = readEnvironment();
  hideOnTerminal(secretsOf(environment));
  return parseConfig(environment);
});
const redact = createRedactor(secretsOf(config));
await configureLog({ level: config.LOG_LEVEL, format: config.LOG_FORMAT, redact });
const log = createLog();
log.info("starting", describeConfig(config));
if (await isReadableByOthers(".env")) {
  const sentence = "Others on this machine can read .env and the secrets in it: chmod 600 .env";
  log.warn("settings_file_open", { sentence });
}

const app = await exitOnError(() => buildApp(config, { clock: systemClock, log }));
for (const sentence of app.missing) log.warn("setting_missing", { sentence });

const stopped = new AbortController();

/** A run that fails is logged like everything else; the rescue makes up for it. */
function cron(name: string, schedule: string, run: () => Promise<unknown>): void {
  void Deno.cron(name, schedule, { signal: stopped.signal }, async () => {
    try {
      await run();
    } catch (error) {
      log.error("cron_failed", { cron: name, error });
    }
  });
}

cron("tick", config.TICK_CRON, () => app.tick());

cron("rescue", "* * * * *", async () => {
  await app.rescue();
  await app.makeUpTick();
});

const server = await exitOnError(() => serveApp(app, { config, clock: systemClock, log }));
log.info("listening", { url: server.url });

await server.untilSignal();
log.info("stopping", { grace_seconds: config.SHUTDOWN_GRACE_SECONDS });
stopped.abort();
await app.shutdown(server.close());
log.info("stopped");
Deno.exit(0);

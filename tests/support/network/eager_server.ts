/** A server that takes more connections than its process has room for, and prints its address. */
import { writeLine } from "../../../src/cli/exit_on_error.ts";
import { systemClock } from "../../../src/clock.ts";
import { createLog } from "../../../src/log.ts";
import { serveHttp } from "../../../src/server/http_server.ts";

const server = await serveHttp(() => new Response("ok"), {
  hostname: "127.0.0.1",
  port: 0,
  maxConnections: 10_000,
  clock: systemClock,
  log: createLog(),
  watchMs: 200,
});
writeLine(server.url);

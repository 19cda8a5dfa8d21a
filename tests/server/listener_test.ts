import { assertEquals } from "@std/assert";
import { createServer } from "node:http";
import { systemClock } from "../../src/clock.ts";
import { listenOn } from "../../src/server/listener.ts";
import type { Arriving } from "../support/network/arriving_clients.ts";
import { connectRaw } from "../support/network/raw_client.ts";
import { inherited } from "../support/service/service_process.ts";
import { TextLineStream } from "../support/text_lines.ts";

const OPEN_FILES = 60;
const CLIENTS = 900;
const PATIENCE_MS = 800;

Deno.test("whoever comes while a server computes need not come again", async () => {
  const server = createServer();
  const { port } = await listenOn(server, { hostname: "127.0.0.1", port: 0 });
  const worker = new Worker(new URL("../support/network/arriving_clients.ts", import.meta.url), {
    type: "module",
  });
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage({ port, clients: CLIENTS, arrived } satisfies Arriving);
  // This thread takes none of them in meanwhile. A client that found no room is back after a second.
  for (let seen = 0; seen < CLIENTS;) {
    if (Atomics.wait(arrived, 0, seen, seen === 0 ? 60_000 : PATIENCE_MS) === "timed-out") break;
    seen = Atomics.load(arrived, 0);
  }
  assertEquals(Atomics.load(arrived, 0), CLIENTS);
  worker.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

Deno.test("a server listens again after it had no descriptors left", async () => {
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      `ulimit -n ${OPEN_FILES} && exec "$0" run -q --allow-net=127.0.0.1 tests/support/network/eager_server.ts`,
      Deno.execPath(),
    ],
    cwd: new URL("../../", import.meta.url),
    clearEnv: true,
    env: inherited(),
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  const { value: url } = await lines.getReader().read();
  const clients = await Promise.all(Array.from({ length: 3 * OPEN_FILES }, () => connectRaw(url!)));
  // The kernel takes them all in; the process has room for some.
  for (const { close } of clients) close();
  let answer = "";
  for (let tries = 0; answer !== "ok" && tries < 200; tries++) {
    answer = await fetch(url!, { signal: AbortSignal.timeout(1_000) })
      .then((response) => response.text(), () => ""); // not back yet
    await systemClock.sleep(50);
  }
  child.kill("SIGKILL");
  assertEquals([answer, (await child.status).signal], ["ok", "SIGKILL"]);
});

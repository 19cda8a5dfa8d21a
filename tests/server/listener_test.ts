import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { connectRaw } from "../support/raw_client.ts";
import { inherited } from "../support/service_process.ts";
import { TextLineStream } from "../support/text_lines.ts";

const OPEN_FILES = 60;

Deno.test("a server listens again after it had no descriptors left", async () => {
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      `ulimit -n ${OPEN_FILES} && exec "$0" run -q --allow-net=127.0.0.1 tests/support/eager_server.ts`,
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

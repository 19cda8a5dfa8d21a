import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { serveHttp } from "../../src/server/http_server.ts";
import { connectRaw } from "../support/network/raw_client.ts";

Deno.test("a request whose body has arrived is worked on and not sent away", async () => {
  const read = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  const server = await serveHttp(async (request) => {
    if (request.method === "GET") return new Response("ok");
    const text = await request.text();
    read.resolve();
    await work.promise;
    return new Response(text);
  }, {
    hostname: "127.0.0.1",
    port: 0,
    maxConnections: 2,
    clock: systemClock,
    log: createLog(),
  });
  const answer = fetch(server.url, { method: "POST", body: "a body" });
  await read.promise;
  for (let i = 0; i < 5; i++) (await connectRaw(server.url)).close();
  await (await fetch(server.url)).body?.cancel();
  work.resolve();
  assertEquals(await (await answer).text(), "a body");
  await server.close();
});

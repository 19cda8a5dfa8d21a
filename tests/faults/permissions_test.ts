import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { permissionArguments } from "../support/service/permission_arguments.ts";
import {
  inherited,
  type ServiceProcess,
  startService,
} from "../support/service/service_process.ts";
import { placeTest, type TestPlace } from "../support/service/test_app.ts";
import { TextLineStream } from "../support/text_lines.ts";

const ROOT = new URL("../../", import.meta.url);

/** A port on this machine where somebody answers whom no setting names. */
function strangerListens(): { port: number; close(): void } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("a stranger"),
  );
  return { port: server.addr.port, close: () => void server.shutdown() };
}

placeTest(
  "a running service reaches its data and the hosts of its settings, nothing else",
  async (place) => {
    const stranger = strangerListens();
    const beside = await Deno.makeTempDir();
    const service = await startService(place, {
      program: ["tests/support/service/probing_service.ts"],
    });
    const attempts: Record<string, unknown>[] = [
      { read: "/etc/passwd" },
      { read: `${Deno.env.get("HOME")}/.ssh/id_ed25519` },
      { read: "main.ts" },
      { read: ".env.example" },
      { list: "/" },
      { list: "." },
      { write: `${beside}/file` },
      { write: "main.ts" },
      { write: "migrations/written_by_a_test" },
      { write: `${place.dataDir}/../file` },
      { connect: ["127.0.0.1", stranger.port] },
      { fetch: `http://127.0.0.1:${stranger.port}/` },
      { fetch: `http://localhost:${new URL(place.simulator.url).port}/` },
      { fetch: "https://example.com/" },
      { run: "id" },
      { variable: "PATH" },
    ];
    for (const what of attempts) {
      assertEquals((await service.call("/try", what)).body, "NotCapable", JSON.stringify(what));
    }
    for (
      const what of [
        { write: `${place.dataDir}/file` },
        { read: `${place.dataDir}/file` },
        { fetch: `${place.simulator.url}/_simulator/journal` },
      ]
    ) assertEquals((await service.call("/try", what)).body, "done", JSON.stringify(what));
    await completesMonth(service);
    service.kill("SIGTERM");
    assertEquals((await service.ended()).code, 0);
    stranger.close();
    await Deno.remove(beside, { recursive: true });
  },
);

/** Fails unless a month can be run: database, queue and providers are in reach. */
async function completesMonth(service: ServiceProcess): Promise<void> {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
  let completed = 0;
  while (completed === 0) {
    // deno-lint-ignore no-explicit-any -- only two fields of it matter
    const stats = (await service.call("/api/internal/backfill-stats")).body as any;
    completed = stats.by_status.completed;
    assertEquals(stats.by_status.failed + stats.by_status.retry, 0);
  }
}

placeTest(
  "deno task start takes folder, database and providers from the settings",
  async (place) => {
    await withTask("start", place, async ({ url, stop }) => {
      const stats = await runTask("stats", { ...place.environment, PORT: new URL(url).port });
      assertEquals(JSON.parse(stats).by_status.processing, 0);
      await stop();
    });
    assert((await Deno.stat(`${place.dataDir}/queue.sqlite3`)).isFile);
  },
);

/** Starts a task of `deno.json` as an operator would and ends it with SIGTERM. */
async function withTask(
  name: string,
  place: TestPlace,
  body: (task: { url: string; stop(): Promise<void> }) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", name],
    cwd: ROOT,
    clearEnv: true,
    env: {
      ...inherited(),
      ...place.environment,
      // Ports below those a system gives out: 0 would be another one for every command.
      PORT: String(20_000 + Math.floor(Math.random() * 12_000)),
      TICK_CRON: "0 0 29 2 *",
      LOG_LEVEL: "info",
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  const seen: string[] = [];
  for await (const line of lines) {
    seen.push(line);
    const [, url] = / listening url=(\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    await body({
      url,
      async stop() {
        child.kill("SIGTERM");
        assertEquals((await child.status).code, 0);
      },
    });
    return;
  }
  throw new Error(`The task ended before it listened:\n${seen.join("\n")}`);
}

async function runTask(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", name, "--json"],
    cwd: ROOT,
    clearEnv: true,
    env: { ...inherited(), ...env },
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the demo speaks to this machine only and writes in its own folder", async () => {
  const stranger = strangerListens();
  const folder = await Deno.makeTempDir();
  const script = `const attempt = async (what) => {
    try { await what(); return "done"; } catch (error) { return error.name; }
  };
  const answer = {
    itself: await attempt(async () => await (await fetch("http://127.0.0.1:${stranger.port}")).text()),
    away: await attempt(() => fetch("http://192.0.2.1/")),
    named: await attempt(() => fetch("https://example.com/")),
    own: await attempt(() => Deno.mkdir("${folder}/demo/made", { recursive: true })),
    beside: await attempt(() => Deno.writeTextFile("${folder}/file", "")),
    source: await attempt(() => Deno.readTextFile("deno.json")),
  };
  console.log(JSON.stringify(answer));`;
  await Deno.writeTextFile(`${folder}/try.ts`, script);
  const args = permissionArguments("demo", { DATA_DIR: folder });
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-lock", "--config", "deno.json", ...args, `${folder}/try.ts`],
    cwd: ROOT,
    clearEnv: true,
    env: inherited(),
    stdin: "null",
  }).output();
  stranger.close();
  await Deno.remove(folder, { recursive: true });
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  assertEquals(JSON.parse(decode(stdout) || "null"), {
    itself: "done",
    away: "NotCapable",
    named: "NotCapable",
    own: "done",
    beside: "NotCapable",
    source: "NotCapable",
  }, decode(stderr));
});

placeTest(
  "started without them, the service says where its permissions come from",
  async (place) => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-P=service", "--no-prompt", "main.ts"],
      cwd: ROOT,
      clearEnv: true,
      env: { ...inherited(), ...place.environment },
      stdin: "null",
    }).output();
    const said = new TextDecoder().decode(stderr);
    assertEquals(code, 1);
    assertStringIncludes(said, place.dataDir);
    assertStringIncludes(said, "deno task works them out from the settings");
    assert(!/^\s+at /m.test(said), said);
  },
);

Deno.test("every task of the product starts with the permissions of its settings", async () => {
  const { tasks, permissions } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  assertEquals(Object.keys(permissions.service).toSorted(), ["env", "sys"]);
  const tools = ["simulator", "bench", "test", "ok", "ok:fast"];
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    if (tools.includes(name)) continue;
    const given = name === "demo"
      ? "-P=service $(deno run -q -P=service src/cli/permissions.ts demo) "
      : "-P=service $(deno run -q -P=service --env-file src/cli/permissions.ts) --env-file ";
    assertStringIncludes(command, `deno run -q ${given}`, name);
  }
});

import { assertEquals, assertMatch } from "@std/assert";
import { listeningSockets } from "../support/machine/listening_sockets.ts";
import { asAnother, CAN_BE_ANOTHER } from "../support/machine/other_user.ts";
import { type ServiceProcess, startService } from "../support/service/service_process.ts";
import { type TestPlace, withPlace } from "../support/service/test_app.ts";

const STARTS = 3;

/** What can be read, written or entered at or below a path. */
const REACHABLE = `find "$1" \\( -readable -o -writable -o -executable \\) 2>/dev/null`;
/** What a Postgres server answers with one letter: whether it speaks TLS. Ours is asked on each port. */
const ASK_FOR_TLS =
  `exec 3<>"/dev/tcp/127.0.0.1/$1" && printf '\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f' >&3 && ` +
  `timeout 5 head -c 1 <&3`;

Deno.test({
  name:
    "another user of the machine gets at no file and finds no way into the database, start after " +
    `start${CAN_BE_ANOTHER ? "" : " (ignored: only root can act as another user, with runuser)"}`,
  ignore: !CAN_BE_ANOTHER,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => withPlace("embedded", attack),
});

async function attack(place: TestPlace): Promise<void> {
  // The folder around the data is open: the data folder has to look after itself.
  const dataDir = `${place.dataDir}/data`;
  await leaveAsOldVersion(place.dataDir, dataDir);
  assertMatch(await asAnother(REACHABLE, dataDir), /PG_VERSION/); // or the attack could not succeed
  const settings = { DATA_DIR: dataDir };
  for (let start = 0; start < STARTS; start++) {
    const service = await startService(place, { settings });
    await runMonth(service);
    assertEquals(await asAnother(REACHABLE, dataDir), "");
    assertEquals(await openFiles(dataDir), []);
    const sockets = await listeningSockets(service.pid);
    assertEquals(sockets, [`tcp:${new URL(service.url).port}`]);
    assertMatch(await asAnother(ASK_FOR_TLS, new URL(service.url).port), /^[^NS]?$/);
    service.kill(start === STARTS - 1 ? "SIGTERM" : "SIGKILL");
    const { stderr } = await service.ended();
    assertEquals(stderr.includes("data_directory_open"), start === 0, stderr);
    assertEquals(await asAnother(REACHABLE, dataDir), "");
  }
}

/** As the files of the embedded database were before they were private. */
async function leaveAsOldVersion(parent: string, dataDir: string): Promise<void> {
  await Deno.mkdir(dataDir);
  await Deno.rename(`${parent}/postgres`, `${dataDir}/postgres`);
  await Deno.chmod(parent, 0o755);
  const opened = await new Deno.Command("chmod", { args: ["-R", "a+rwX", dataDir] }).output();
  assertEquals(opened.code, 0);
}

/** Paths of which others have any right by their own mode, whatever is around them. */
async function openFiles(folder: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("find", { args: [folder, "-perm", "/077"] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/** Puts model answers into the data folder. */
async function runMonth(service: ServiceProcess): Promise<void> {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
}

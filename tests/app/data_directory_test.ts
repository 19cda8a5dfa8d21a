import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { holdDataDirectory } from "../../src/app/data_directory.ts";
import { openKvStore } from "../../src/queue/kv_store.ts";
import { inherited } from "../support/service/service_process.ts";

const onModes = { ignore: Deno.build.os === "windows" };

function modeOf(path: string): string {
  return (Deno.statSync(path).mode! & 0o777).toString(8);
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(
  "a new data folder and all in it are for their owner alone",
  onModes,
  () =>
    inFolder(async (folder) => {
      const directory = await holdDataDirectory(`${folder}/some/data`);
      const kv = await openKvStore(directory.queue_path);
      const files = [...Deno.readDirSync(directory.path)].map(({ name }) => name).toSorted();
      assertEquals(files, [
        "instance",
        "lock",
        "queue.sqlite3",
        "queue.sqlite3-shm",
        "queue.sqlite3-wal",
      ]);
      for (const name of files) assertEquals(modeOf(`${directory.path}/${name}`), "600", name);
      assertEquals([modeOf(directory.path), modeOf(`${folder}/some`)], ["700", "700"]);
      assertEquals(directory.warnings, []);
      kv.close();
      directory.release();
    }),
);

Deno.test(
  "a data folder that others could use is closed to them, and says so once",
  onModes,
  () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/postgres/base`, { recursive: true });
      await Deno.writeTextFile(`${folder}/postgres/base/1`, "rows", { mode: 0o666 });
      await Deno.writeTextFile(`${folder}/queue.sqlite3`, "", { mode: 0o640 });
      await Deno.mkdir(`${folder}/demo`);
      const outside = await Deno.makeTempFile();
      await Deno.chmod(outside, 0o644);
      await Deno.symlink(outside, `${folder}/postgres/link`);
      const directory = await holdDataDirectory(folder);
      directory.release();
      // The folder, postgres, base, 1 and the queue; the rest was made private.
      assertMatch(
        directory.warnings.join(),
        /^Others on this machine had rights to 5 files and folders/,
      );
      for (const path of ["", "/postgres", "/postgres/base"]) {
        assertEquals(modeOf(folder + path), "700");
      }
      for (const path of ["/postgres/base/1", "/queue.sqlite3"]) {
        assertEquals(modeOf(folder + path), "600");
      }
      assertEquals(modeOf(outside), "644");
      const again = await holdDataDirectory(folder);
      again.release();
      assertEquals(again.warnings, []);
      await Deno.remove(outside);
    }),
);

Deno.test(
  "a folder that holds others' things keeps its mode, and what is ours in it is closed",
  onModes,
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/somebody`, "else", { mode: 0o644 });
      await Deno.writeTextFile(`${folder}/queue.sqlite3`, "", { mode: 0o644 });
      const directory = await holdDataDirectory(folder);
      directory.release();
      assertEquals([modeOf(folder), modeOf(`${folder}/somebody`)], ["755", "644"]);
      assertEquals(modeOf(`${folder}/queue.sqlite3`), "600");
      assertStringIncludes(directory.warnings.join("; "), "rights to 1 files");
      assertStringIncludes(directory.warnings.join("; "), "it also holds somebody");
    }),
);

Deno.test(
  "a start with settings that others can read warns of it",
  onModes,
  () =>
    inFolder(async (folder) => {
      const main = new URL("../../main.ts", import.meta.url).pathname;
      for (const [mode, isWarned] of [[0o644, true], [0o640, true], [0o600, false]] as const) {
        // Nothing listens there: the start ends as soon as it has said what it found.
        const settings = "ALEXANDRIA_WEBHOOK_SECRET=a-secret-only-for-tests\n" +
          "DATABASE_URL=postgres://nobody@127.0.0.1:1/none\n";
        await Deno.writeTextFile(`${folder}/.env`, settings, { mode });
        const { stderr } = await new Deno.Command(Deno.execPath(), {
          args: [
            ...[
              "run",
              "-q",
              "-P=service",
              "--no-prompt",
              "--env-file",
              "--allow-read=.",
              "--allow-write=.",
            ],
            ...["--allow-net=127.0.0.1:1", main],
          ],
          cwd: folder,
          clearEnv: true,
          env: { ...inherited(), DATA_DIR: `${folder}/data` },
        }).output();
        const said = new TextDecoder().decode(stderr);
        assertStringIncludes(said, "127.0.0.1:1/none");
        assertEquals(/settings_file_open .*chmod 600 \.env/.test(said), isWarned, said);
      }
    }),
);

/** A file system of its own that is quickly full. */
export interface SmallDisk {
  readonly path: string;
  /** Leaves no byte free. */
  fill(): Promise<void>;
  /** Takes away what filled it. */
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

/** Mounts a small disk in memory; null where that is not permitted. */
async function mountSmallDisk(megabytes: number): Promise<SmallDisk | null> {
  const path = await Deno.makeTempDir({ prefix: "alexandria-test-disk-" });
  const size = `size=${megabytes}m`;
  if (!await run("mount", ["-t", "tmpfs", "-o", size, "tmpfs", path])) {
    await Deno.remove(path);
    return null;
  }
  const filler = `${path}/filler`;
  return {
    path,
    async fill(): Promise<void> {
      using file = await Deno.open(filler, { create: true, write: true, append: true });
      const page = new Uint8Array(4096);
      while (await file.write(page).then(() => true, () => false));
    },
    makeRoom: () => Deno.remove(filler),
    async remove(): Promise<void> {
      await run("umount", ["-l", path]);
      await Deno.remove(path);
    },
  };
}

/** Registers a test with a disk of its own of `megabytes`; it is ignored where none can be mounted. */
export function diskTest(
  name: string,
  megabytes: number,
  body: (disk: SmallDisk, test: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(test) {
      const disk = await mountSmallDisk(megabytes);
      if (disk === null) {
        await test.step({ name: "mounting is not permitted here", ignore: true, fn() {} });
        return;
      }
      try {
        await body(disk, test);
      } finally {
        await disk.remove();
      }
    },
  });
}

async function run(command: string, args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args: [...args],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

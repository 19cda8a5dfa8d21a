import { assertEquals } from "@std/assert";
import { execFile } from "../support/machine/exec_file.ts";
import { inherited } from "../support/service/service_process.ts";
import { withPlace } from "../support/service/test_app.ts";
import { TextLineStream } from "../support/text_lines.ts";

/** Containers start their command as the first process of a namespace, which has no default handlers. */
const AS_FIRST = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const IS_PERMITTED = await execFile("unshare", [...AS_FIRST, "true"]).then(() => true, () => false);

Deno.test({
  name: IS_PERMITTED
    ? "deno task start ends in order as the first process of a container"
    : "deno task start as the first process of a container (unshare is not permitted here)",
  ignore: !IS_PERMITTED,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", async ({ environment }) => {
      const container = new Deno.Command("unshare", {
        args: [...AS_FIRST, Deno.execPath(), "task", "start"],
        cwd: new URL("../../", import.meta.url),
        clearEnv: true,
        env: { ...inherited(), ...environment, PORT: "0", LOG_LEVEL: "info", LOG_FORMAT: "json" },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const events: string[] = [];
      const lines = container.stderr.pipeThrough(new TextDecoderStream())
        .pipeThrough(new TextLineStream());
      for await (const line of lines) {
        const event = /"event":"(\w+)"/.exec(line)?.[1];
        if (event !== undefined) events.push(event);
        if (event === "listening") Deno.kill(await firstProcess(container.pid), "SIGTERM");
      }
      const { code } = await container.status;
      assertEquals([code, events.at(-1)], [0, "stopped"], events.join(" "));
    }),
});

/** The namespace's first process, as it is called outside. */
async function firstProcess(pid: number): Promise<number> {
  return Number(await execFile("pgrep", ["-P", String(pid)]));
}

import { withFiles } from "../machine/own_files.ts";
import { permissionArguments } from "./permission_arguments.ts";
import { TextLineStream } from "../text_lines.ts";
import { TEST_SECRET, type TestPlace } from "./test_app.ts";

/** A service in a process of its own, for everything that a process can suffer. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  call(path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Does nothing to one that has ended. */
  kill(signal: Deno.Signal): void;
  /** Resolves when the process has ended. */
  ended(): Promise<{ code: number; stderr: string }>;
}

export interface ServiceProcessOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** The limit of files and sockets the process may have open. */
  readonly openFiles?: number;
  /** The script and its arguments. */
  readonly program?: readonly string[];
  /** Files the process sees in place of the system's, where that can be had. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts `main.ts` as an operator would, or another `program`, and waits until it listens. */
export async function startService(
  place: TestPlace,
  { settings = {}, program = ["main.ts"], openFiles, files = {} }: ServiceProcessOptions = {},
): Promise<ServiceProcess> {
  const environment = {
    ...place.environment,
    PORT: "0",
    // The usual tick, at three in the morning, would schedule months that no test asked for.
    TICK_CRON: "0 0 29 2 *",
    LOG_LEVEL: "info",
    LOG_FORMAT: "json",
    ...settings,
  };
  const permissions = permissionArguments("service", environment);
  const command = [Deno.execPath(), "run", "-q", ...permissions, ...program];
  const limited = openFiles === undefined
    ? command
    : ["sh", "-c", `ulimit -n ${openFiles} && exec "$0" "$@"`, ...command];
  const [executable, ...args] = Object.keys(files).length === 0
    ? limited
    : withFiles(files, limited);
  const child = new Deno.Command(executable!, {
    args,
    cwd: new URL("../../../", import.meta.url),
    clearEnv: true,
    env: { ...inherited(), ...environment },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines: string[] = [];
  const listening = Promise.withResolvers<string>();
  const read = (async (): Promise<void> => {
    const stream = child.stderr.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TextLineStream(),
    );
    for await (const line of stream) {
      lines.push(line);
      const url = /"event":"listening".*"url":"([^"]+)"|"url":"([^"]+)".*"event":"listening"/.exec(
        line,
      );
      if (url) listening.resolve((url[1] ?? url[2])!);
    }
    listening.reject(new Error(`The service ended before it listened:\n${lines.join("\n")}`));
  })();
  let hasEnded = false;
  void child.status.then(() => hasEnded = true);
  const ended = async (): Promise<{ code: number; stderr: string }> => {
    const { code } = await child.status;
    await read;
    return { code, stderr: lines.join("\n") };
  };
  const url = await listening.promise;
  return {
    url,
    pid: child.pid,
    kill(signal) {
      if (!hasEnded) child.kill(signal);
    },
    ended,
    async call(path, body) {
      const response = await fetch(`${url}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "X-Cron-Secret": TEST_SECRET },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** What a child process needs of this one's environment to find its caches and binaries. */
export function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "NPM_CONFIG_REGISTRY", "NO_COLOR", "TMPDIR"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

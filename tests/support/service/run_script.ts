import { permissionArguments } from "./permission_arguments.ts";
import { inherited } from "./service_process.ts";

export interface EndedScript {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the project to its end, with the permissions of a program and no other settings. */
export async function runScript(
  script: string,
  { env = {}, args = [], set = "service" }: {
    env?: Readonly<Record<string, string>>;
    args?: readonly string[];
    set?: string;
  } = {},
): Promise<EndedScript> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", ...permissionArguments(set, env), script, ...args],
    cwd: new URL("../../../", import.meta.url),
    clearEnv: true,
    env: { ...inherited(), ...env },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

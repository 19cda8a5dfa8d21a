import { permissionFlags } from "../../../src/cli/permission_flags.ts";

/** The arguments of `deno run` with which the tasks of `deno.json` start a program. */
export function permissionArguments(
  set: string,
  environment: Readonly<Record<string, string>>,
): string[] {
  if (set !== "service" && set !== "demo") return [`-P=${set}`];
  return ["-P=service", ...permissionFlags(set, environment)];
}

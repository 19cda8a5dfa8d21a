/** The command that runs `command` with other files in place of the system's, in the same process. */
export function withFiles(
  files: Readonly<Record<string, string>>,
  command: readonly string[],
): string[] {
  const mounts = Object.entries(files);
  const script = [
    "set -e",
    ...mounts.map(() => 'mount --bind "$2" "$1"; shift 2'),
    'exec "$@"',
  ].join("; ");
  return ["unshare", "--mount", "sh", "-c", script, "sh", ...mounts.flat(), ...command];
}

/** Whether that can be done here: it takes Linux, and a user who may mount. */
export async function canHaveFiles(): Promise<boolean> {
  const [program, ...args] = withFiles({ "/etc/hosts": "/etc/hosts" }, ["true"]);
  try {
    const command = new Deno.Command(program!, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

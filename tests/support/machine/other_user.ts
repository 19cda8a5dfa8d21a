const OTHER = "nobody";

/** Whether this process may act as another user of the machine, who can get as far as its own files. */
export const CAN_BE_ANOTHER: boolean = (() => {
  const temporary = Deno.env.get("TMPDIR") ?? "/tmp";
  const args = ["-u", OTHER, "--", "test", "-x", temporary];
  try {
    return new Deno.Command("runuser", { args }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
})();

/** What a shell command prints when another user of the machine gives it; what it complains of not. */
export async function asAnother(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command("runuser", {
    args: ["-u", OTHER, "--", "bash", "-c", command, "bash", ...args],
    cwd: "/",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/** Runs a program to its end and gives what it wrote. Throws an Error with its words when it fails. */
export async function execFile(program: string, args: readonly string[]): Promise<string> {
  // A server that stays in the background must not inherit a pipe: reading it would never end.
  const output = await Deno.makeTempFile();
  try {
    const { code } = await new Deno.Command("sh", {
      args: ["-c", 'exec "$@" >"$0" 2>&1', output, program, ...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      cwd: "/",
    }).output();
    const text = await Deno.readTextFile(output);
    if (code !== 0) throw new Error(`${program} ${args[0] ?? ""} failed with ${code}: ${text}`);
    return text;
  } finally {
    await Deno.remove(output);
  }
}

import { escapeUnprintable } from "../domain/text/clean_text.ts";
import { createRedactor } from "../domain/text/redaction.ts";
import { toAppError } from "../errors.ts";

let hide = createRedactor([]);

/** Takes these secrets out of whatever is printed from now on. */
export function hideOnTerminal(secrets: readonly string[]): void {
  hide = createRedactor(secrets);
}

/**
 * Runs `action`; when it fails, prints what happened and ends the process with exit code 1. What we
 * know is one clear line, what nobody expected comes with its stack.
 */
export async function exitOnError<T>(action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    if (thrown instanceof Deno.errors.BrokenPipe) Deno.exit(0); // the reader has seen enough
    const error = toAppError(thrown);
    writeError(error.code === "INTERNAL" ? inFull(thrown) : error.message);
    Deno.exit(1);
  }
}

/** Writes lines to standard error, without what a terminal would obey. */
export function writeError(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${escapeUnprintable(hide(line))}\n`));
}

/** Writes lines to standard output, without what a terminal would obey. */
export function writeLine(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${escapeUnprintable(hide(line))}\n`));
}

function inFull(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

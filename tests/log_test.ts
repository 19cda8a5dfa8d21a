import { assertEquals, assertMatch } from "@std/assert";
import { inherited } from "./support/service/service_process.ts";

/** What a process writes that logs one event with odd fields. */
async function logOdd(format: "json" | "text"): Promise<string> {
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `const { configureLog, createLog } = await import(${at("../src/log.ts")});
    const { createRedactor } = await import(${at("../src/domain/text/redaction.ts")});
    const redact = createRedactor(["a-long-secret/1"]);
    await configureLog({ level: "debug", format: "${format}", redact });
    createLog().debug("request_refused", {
      path: "/x\\n2026-01-01T00:00:00.000Z error   forged code=1\\u001b[2J\\u202e\\u009b",
      cause: new Error("failed for a-long-secret%2F1"), error: new Error("with a-long-secret/1"),
    });`;
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    cwd: new URL("../", import.meta.url),
    clearEnv: true,
    env: inherited(),
  }).output();
  return new TextDecoder().decode(stderr);
}

for (const format of ["json", "text"] as const) {
  Deno.test(`a line of the ${format} log is one event, seen whole, without secrets`, async () => {
    const written = await logOdd(format);
    assertMatch(written, /^[\x20-\x7e]+\n$/);
    assertMatch(written, /request_refused/);
    assertEquals(written.includes("a-long-secret"), false, written);
    assertMatch(written, /\[redacted\]/);
    if (format === "text") assertMatch(written, /path="\/x\\n2026/);
  });
}

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../src/cli/simulator.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

function command(...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", "--config", CONFIG, COMMAND, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function refusal(...args: string[]): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await command(...args).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("deno task simulator ends with 1 and one reason when a flag is wrong", async () => {
  const wrongValue = await refusal("--latency", "fast");
  assertEquals(wrongValue.code, 1);
  assertStringIncludes(wrongValue.stderr, "--latency must be none or realistic");
  const wrongCoverage = await refusal("--coverage", "half");
  assertStringIncludes(wrongCoverage.stderr, "--coverage must be full or realistic");
  const wrongOddities = await refusal("--oddities", "many");
  assertStringIncludes(wrongOddities.stderr, "--oddities must be none or usual");
  const unknown = await refusal("--prot", "8100");
  assertEquals(unknown.code, 1);
  assertStringIncludes(unknown.stderr, "--prot");
});

Deno.test("deno task simulator ends with 1 when the data cannot be read", async () => {
  const { code, stderr } = await refusal("--port", "0", "--data", "/nowhere");
  assertEquals(code, 1);
  assertMatch(stderr, /^\/nowhere\/\w+\.jsonl is missing/);
  const journal = await refusal("--port", "0", "--journal", "/nowhere/journal.jsonl");
  assertEquals(journal.code, 1);
  assertMatch(journal.stderr, /^Cannot write the journal to \/nowhere\/journal\.jsonl/);
});

Deno.test("deno task simulator prints the settings, serves and ends with 0 on SIGTERM", async () => {
  const child = command("--port", "0", "--coverage", "full").spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  while (!printed.includes("_simulator/faults")) {
    const { value, done } = await reader.read();
    if (done) break;
    printed += value;
  }
  const baseUrl = /^OPEN_LIBRARY_BASE_URL=(.+)$/m.exec(printed)?.[1];
  const response = await fetch(`${baseUrl}/search.json?title=gone+girl`);
  assertEquals((await response.json()).docs[0].title, "Gone Girl");
  assertMatch(printed, /^Its models know books of 2000–2020; /m);
  assertMatch(printed, /^GEMINI_API_KEY=simulator-key$/m);
  assertMatch(printed, /^GOOGLE_BOOKS_API_KEY=simulator-key$/m);
  assertMatch(printed, /^XAI_BASE_URL=http.+\/xai$/m);
  assertMatch(printed, /^LLM_BASE_URL=http.+\/openai_compatible\/v1$/m);
  const item = /^ARCHIVE_ORG_BASE_URL=(.+)$/m.exec(printed)?.[1];
  assertEquals(await (await fetch(`${item}/metadata/gone`)).json(), {});
  child.kill("SIGTERM");
  await reader.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
});

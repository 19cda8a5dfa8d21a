import { assertEquals, assertThrows } from "@std/assert";
import { boundConnections, countFreeDescriptors } from "../../src/server/open_files.ts";
import { inherited } from "../support/service/service_process.ts";

Deno.test("boundConnections() leaves half of the descriptors to others", async () => {
  const module = new URL("../../src/server/open_files.ts", import.meta.url).href;
  const script = `const { boundConnections, countFreeDescriptors } = await import("${module}");
    const free = countFreeDescriptors(Deno.args[0], { wanted: 5_000 });
    const bounds = [free, 10].map((wanted) => boundConnections(Deno.args[0], { wanted }));
    console.log(JSON.stringify({ free, bounds, again: countFreeDescriptors(Deno.args[0], { wanted: 5_000 }) }));`;
  const file = await Deno.makeTempFile();
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      `ulimit -n 100 && exec "$0" eval "$1" "$2"`,
      Deno.execPath(),
      script,
      file,
    ],
    clearEnv: true,
    env: inherited(),
  }).output();
  const told = new TextDecoder().decode(stdout);
  if (told === "") throw new Error(new TextDecoder().decode(stderr));
  const { free, bounds, again } = JSON.parse(told);
  assertEquals(free > 50 && free < 100, true, `${free} free`);
  assertEquals({ bounds, again }, { bounds: [Math.floor(free / 2), 10], again: free });
  await Deno.remove(file);
});

Deno.test("countFreeDescriptors() counts no further than asked and throws what else is wrong", () => {
  const path = new URL(import.meta.url).pathname;
  assertEquals(countFreeDescriptors(path, { wanted: 3 }), 3);
  assertThrows(() => countFreeDescriptors("/no/such/file", { wanted: 3 }), Deno.errors.NotFound);
  assertThrows(() => boundConnections("/no/such/file", { wanted: 3 }), Deno.errors.NotFound);
});

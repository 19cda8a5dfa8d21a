import { assert, assertEquals } from "@std/assert";
import { SERVICE_NAMES } from "../../src/simulator/service/service_names.ts";
import type { SimulatedService } from "../../src/simulator/service/simulated_service.ts";
import { SERVICES } from "../../src/simulator/services.ts";
import { send, withSimulator } from "./with_simulator.ts";

const services = Object.values(SERVICES);

Deno.test("every provider has its service, at the path of its name", async () => {
  for (const [name, service] of Object.entries(SERVICES)) assertEquals(service.name, name);
  await withSimulator({}, async ({ url }) => {
    const { json } = await send(`${url}/_simulator`);
    assertEquals(
      json.services.map(({ service }: { service: string }) => service),
      SERVICE_NAMES,
    );
  });
});

Deno.test("no service calls a fault its own twice, and each plays what every service can", () => {
  for (const { name, faults } of services) {
    assertEquals(new Set(faults).size, faults.length, name);
    for (const kind of ["429", "500", "503", "timeout", "html", "broken_json"] as const) {
      assert(faults.includes(kind), `${name} ${kind}`);
    }
  }
});

Deno.test("a fault that was scripted reaches the caller of every service", async () => {
  await withSimulator({}, async ({ url, faults, journal }) => {
    for (const { name } of services) {
      faults.add({ service: name, kind: "html", times: 1 });
      const answer = await send(`${url}/${name}/anything`);
      assertEquals([answer.status, answer.headers.get("content-type")], [200, "text/html"], name);
      const [entry, ...others] = journal.entries({ service: name });
      assertEquals([entry?.fault, others], ["html", []], name);
    }
  });
});

Deno.test("a service without a line for an address of its provider does not compile", () => {
  const { settings: _, ...rest } = SERVICES.wikidata;
  const half = () => ({ WIKIDATA_BASE_URL: "http://127.0.0.1:1" });
  // @ts-expect-error -- the query service would be the real one
  const service: SimulatedService<"wikidata", never> = { ...rest, settings: half };
  assertEquals(service.name, "wikidata");
});

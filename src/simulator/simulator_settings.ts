import { SERVICES } from "./services.ts";
import { SIMULATOR_KEY } from "./simulator.ts";

/** The settings that put the simulator at `url` in the place of every outside service, unhurried. */
export function simulatorSettings(url: string): Record<string, string> {
  const settings = Object.values(SERVICES).map((service) =>
    service.settings({ url: `${url}/${service.name}`, key: SIMULATOR_KEY })
  );
  return Object.assign({ CONTACT: "operator@alexandria.example" }, ...settings);
}

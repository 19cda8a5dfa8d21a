import { type EndedScript, runScript } from "./run_script.ts";
import { type PlaceOptions, type TestApp, type TestPlace, withApp, withPlace } from "./test_app.ts";

/** Runs `deno task <command>` to its end. */
export type RunCommand = (command: string, ...args: readonly string[]) => Promise<EndedScript>;

// deno-lint-ignore no-explicit-any -- answers of many shapes are bent into others
export type Bend = (answer: any) => unknown;

/** Runs commands with the settings of the place and these. */
export function commandsIn(
  { environment }: TestPlace,
  settings: Readonly<Record<string, string>> = {},
): RunCommand {
  return (command, ...args) =>
    runScript(`src/cli/${command.replaceAll("-", "_")}.ts`, {
      args,
      env: { ...environment, ...settings },
    });
}

/**
 * Serves the app on a port, as `main.ts` does, while commands run beside it. `bend` makes another
 * version's answers of the service's.
 */
export async function besideService(
  service: TestApp,
  body: (run: RunCommand) => Promise<void>,
  bend?: Bend,
): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const response = await service.app.fetch(request);
      return bend === undefined ? response : Response.json(bend(await response.json()));
    },
  );
  try {
    await body(commandsIn(service, { HOST: "127.0.0.1", PORT: String(server.addr.port) }));
  } finally {
    await server.shutdown();
  }
}

/**
 * Registers a test of commands beside a running service: of the command, its route and its statements
 * at once.
 */
export function commandTest(
  name: string,
  body: (service: TestApp, run: RunCommand) => Promise<void>,
  options: PlaceOptions = {},
): void {
  Deno.test({
    name,
    // Deno KV and the embedded engine keep resources that closing does not wait for.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace("embedded", (place) =>
        withApp(
          place,
          (service) => besideService(service, (run) => body(service, run)),
          options,
        ), options),
  });
}

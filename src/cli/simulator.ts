/** `deno task simulator`: the outside services on one port, for a service in another process. */
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { REALISTIC_LATENCY, SERVICES } from "../simulator/services.ts";
import { NO_ODDITIES, USUAL_ODDITIES } from "../simulator/faults/oddities.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { simulatorSettings } from "../simulator/simulator_settings.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { flag, parseFlags, textValue, wholeNumber } from "./parse_flags.ts";

const ODDITIES = { none: NO_ODDITIES, usual: USUAL_ODDITIES } as const;
const LATENCIES = { none: {}, realistic: REALISTIC_LATENCY } as const;

function readOptions(args: readonly string[]) {
  return parseFlags(args, {
    command: "deno task simulator",
    flags: {
      port: { ...wholeNumber(0, 65_535), byDefault: 8100, help: "where to listen; 0 takes any" },
      data: { ...textValue("DIR"), help: "another catalogue than the shipped one" },
      latency: {
        type: "string",
        placeholder: "KIND",
        schema: z.enum(["none", "realistic"], "must be none or realistic"),
        byDefault: "none",
        help: "how long answers take: none or realistic",
      },
      coverage: {
        type: "string",
        placeholder: "KIND",
        schema: z.enum(["full", "realistic"], "must be full or realistic"),
        byDefault: "realistic",
        help: "what each service knows: everything (full) or a part of its own (realistic)",
      },
      oddities: {
        type: "string",
        placeholder: "KIND",
        schema: z.enum(["none", "usual"], "must be none or usual"),
        byDefault: "usual",
        help: "how the language models err: not at all (none) or as they do (usual)",
      },
      seed: { ...wholeNumber(0, 2 ** 32 - 1), byDefault: 1, help: "makes chance repeatable" },
      journal: { ...textValue("FILE"), help: "append each request as a JSON line" },
      "enforce-rates": { ...flag(), help: "refuse what is too fast or over quota" },
    },
  });
}

function introduction({ url, years }: Simulator): string {
  return [
    `The simulator answers at ${url} as`,
    `${Object.values(SERVICES).map(({ title }) => title).join(", ")}.`,
    "Point the service at it with",
    "",
    ...Object.entries(simulatorSettings(url)).map(([name, value]) => `${name}=${value}`),
    "",
    ...(years === null
      ? []
      : [`Its models know books of ${years.first}–${years.last}; other months come out empty.`]),
    `Requests: GET ${url}/_simulator/journal. Faults: POST ${url}/_simulator/faults. Ctrl+C ends it.`,
  ].join("\n");
}

function untilSignal(): Promise<void> {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of signals) Deno.removeSignalListener(signal, stop);
      resolve();
    };
    for (const signal of signals) Deno.addSignalListener(signal, stop);
  });
}

if (import.meta.main) {
  await exitOnError(async () => {
    const options = readOptions(Deno.args);
    const simulator = await startSimulator({
      clock: systemClock,
      port: options.port,
      seed: options.seed,
      latency: LATENCIES[options.latency],
      coverage: options.coverage,
      oddities: ODDITIES[options.oddities],
      enforceRates: options["enforce-rates"],
      ...(options.data === undefined ? {} : { dataDir: options.data }),
      ...(options.journal === undefined ? {} : { journalFile: options.journal }),
    });
    writeLine(introduction(simulator));
    await untilSignal();
    await simulator.close();
  });
}

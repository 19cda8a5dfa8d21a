import { configure, type LogLevel, reset } from "@logtape/logtape";

/** Gives `body` the names of the events that are logged at this level or above, as they come. */
export async function withCollectedLog(
  body: (events: readonly string[]) => Promise<void>,
  { level = "warning" }: { level?: LogLevel } = {},
): Promise<void> {
  const events: string[] = [];
  await configure({
    reset: true,
    sinks: { kept: ({ properties }) => void events.push(String(properties["event"])) },
    loggers: [
      { category: ["alexandria"], sinks: ["kept"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  try {
    await body(events);
  } finally {
    await reset();
  }
}

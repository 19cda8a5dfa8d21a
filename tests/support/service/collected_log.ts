import { configure, reset } from "@logtape/logtape";

/** Gives `body` the names of the events that are logged as warnings or errors, as they come. */
export async function withCollectedLog(
  body: (events: readonly string[]) => Promise<void>,
): Promise<void> {
  const events: string[] = [];
  await configure({
    reset: true,
    sinks: { kept: ({ properties }) => void events.push(String(properties["event"])) },
    loggers: [
      { category: ["alexandria"], sinks: ["kept"], lowestLevel: "warning" },
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "error" },
    ],
  });
  try {
    await body(events);
  } finally {
    await reset();
  }
}

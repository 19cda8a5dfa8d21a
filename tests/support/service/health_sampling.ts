import { writeLine } from "../../../src/cli/exit_on_error.ts";

/** The milliseconds that a service took for each answer of `/healthz`, while something else went on. */
export interface HealthSampling {
  /** Stops asking and prints the figures: how fast it is depends on the machine, so none is judged. */
  report(title: string): Promise<void>;
}

/**
 * Asks a service's `/healthz` again and again, from a thread of its own, so that what keeps the test
 * busy is not counted as the service's. Resolves when it has begun; rejects, in `report`, with the first
 * answer other than 200.
 */
export async function sampleHealth(url: string): Promise<HealthSampling> {
  const worker = new Worker(new URL("./health_sampler.ts", import.meta.url), { type: "module" });
  const begun = nextMessage(worker);
  worker.postMessage(url);
  await begun;
  const ended = nextMessage(worker);
  return {
    async report(title): Promise<void> {
      worker.postMessage(null);
      const latencies = await ended as number[];
      worker.terminate();
      writeLine(`${title}: ${describe(latencies)}`);
    },
  };
}

function nextMessage(worker: Worker): Promise<unknown> {
  const message = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
  message.catch(() => {}); // whoever waits hears of it, which may be later
  return message;
}

function describe(latencies: readonly number[]): string {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  return `/healthz ${sorted.length} times, median ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
    `longest ${at(1)} ms`;
}

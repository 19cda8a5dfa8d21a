/// <reference lib="deno.worker" />
/**
 * The thread of `health_sampling.ts`. It is sent the service's URL, answers null when it begins to ask,
 * and gives the milliseconds each answer took when it is sent null.
 */
const PAUSE_MS = 10;

const latencies: number[] = [];
let isAsked = false;

self.onmessage = async ({ data: url }: MessageEvent<string | null>) => {
  if (url === null) {
    isAsked = true;
    return;
  }
  self.postMessage(null);
  do {
    const begun = performance.now();
    // A connection of its own each time, as a load balancer's question may have.
    const response = await fetch(`${url}/healthz`, { headers: { connection: "close" } });
    await response.body?.cancel();
    if (response.status !== 200) throw new Error(`/healthz answered ${response.status}`);
    latencies.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (!isAsked);
  self.postMessage(latencies);
};

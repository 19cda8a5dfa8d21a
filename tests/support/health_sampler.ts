/// <reference lib="deno.worker" />
/**
 * A worker that asks a service's `/healthz` again and again, in a thread of its own, so that what keeps
 * the test busy is not counted as the service's. It is sent the URL, answers null when it has begun,
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
  while (!isAsked) {
    const begun = performance.now();
    const response = await fetch(`${url}/healthz`);
    await response.body?.cancel();
    if (response.status !== 200) throw new Error(`/healthz answered ${response.status}`);
    latencies.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  self.postMessage(latencies);
};

import { systemClock } from "../../../src/clock.ts";
import { startMonths } from "./months_at_work.ts";
import { withPatience } from "../patience.ts";
import {
  type ServiceProcess,
  type ServiceProcessOptions,
  startService,
} from "../service/service_process.ts";
import type { TestPlace } from "../service/test_app.ts";

/** Slow enough that something can befall a service in the middle of its months. */
export const BUSY_LATENCY = {
  open_library: { min_ms: 20, max_ms: 60 },
  gemini: { min_ms: 50, max_ms: 200 },
};

/** Runs `body` when a service, in its own process, is in the middle of its months. */
export async function withBusyService(
  place: TestPlace,
  { months, ...options }: ServiceProcessOptions & { months: number },
  body: (service: ServiceProcess) => Promise<void>,
): Promise<void> {
  const service = await startService(place, options);
  try {
    await startMonths(service, months);
    while (place.simulator.journal.count({ service: "open_library" }) === 0) {
      await systemClock.sleep(5);
    }
    await body(service);
  } finally {
    service.kill("SIGKILL");
    await service.ended();
  }
}

/** Resolves with what `/readyz` says as soon as its status is this one. */
export async function untilReady(
  { call }: ServiceProcess,
  status: 200 | 503,
): Promise<Record<string, unknown>> {
  while (true) {
    const answer = await call("/readyz");
    if (answer.status === status) return answer.body as Record<string, unknown>;
    await systemClock.sleep(100);
  }
}

/** Resolves when the process has ended by itself; fails when that takes a minute. */
export function untilEnded(service: ServiceProcess): ReturnType<ServiceProcess["ended"]> {
  return withPatience(service.ended(), "the service still runs, though it was told to stop");
}

import { systemClock } from "../../../src/clock.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import type { ProviderLineup } from "../../../src/domain/providers/provider_lineup.ts";
import { createLog } from "../../../src/log.ts";
import type { JobMessage } from "../../../src/queue/job_message.ts";
import type { SchedulerContext } from "../../../src/scheduler/scheduler_context.ts";

export interface TestScheduler extends SchedulerContext {
  readonly sent: JobMessage[];
}

/** A scheduler whose queue keeps what it is given, or fails. */
export function testScheduler(
  database: Database,
  { instance, isBroken = false, generators = [] }: {
    instance: string;
    isBroken?: boolean;
    generators?: ProviderLineup["generators"];
  },
): TestScheduler {
  const sent: JobMessage[] = [];
  return {
    sent,
    database,
    instance,
    clock: systemClock,
    log: createLog(),
    lease_seconds: 120,
    recent_months: 6,
    ask_again_seconds: 3600,
    outcome_policy: { backoff: { base_seconds: 60, cap_seconds: 3600 }, snooze_seconds: 300 },
    lineup: { generators, resolvers: [], checker: null },
    cost_caps: { max_cost_per_day_usd: null, max_cost_per_run_usd: null },
    model_prices: {},
    random: () => 0.5,
    statuses: {
      create: () => Promise.resolve(),
      change: () => Promise.resolve(),
      read: () => Promise.resolve(null),
    },
    queue: {
      send(messages): Promise<void> {
        if (isBroken) return Promise.reject(new Error("the disk is full"));
        sent.push(...messages);
        return Promise.resolve();
      },
      listen: () => {},
      close: () => Promise.resolve(),
    },
  };
}

import { assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { ServiceProcess } from "../service/service_process.ts";

/** As many months as a service is kept busy with; TEST_MONTHS=48 is for a look that may take longer. */
export const BUSY_MONTHS = Number(Deno.env.get("TEST_MONTHS") ?? 12);

type Service = Pick<ServiceProcess, "call">;

/** How many months of a service's log are in each state. */
export async function monthStatuses({ call }: Service): Promise<Record<string, number>> {
  const { body } = await call("/api/internal/backfill-stats");
  return (body as { by_status: Record<string, number> }).by_status;
}

/** Has a service seed four years and start `count` months of them. */
export async function startFrom2012({ call }: Service, count: number): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2015 });
  const { status } = await call("/api/internal/schedule-backfill", { batch_size: count });
  assertEquals(status, 200);
}

/** Resolves when `count` months are completed; fails when one has failed. */
export async function untilAllCompleted(service: Service, count: number): Promise<void> {
  while (true) {
    const { completed, failed } = await monthStatuses(service);
    assertEquals(failed, 0);
    if (completed === count) return;
    await systemClock.sleep(250);
  }
}

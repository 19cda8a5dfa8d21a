import type { Clock } from "../clock.ts";

/** Measures how long the stages of a run take. */
export interface StageTimer {
  /** Milliseconds by stage; a stage that is still running has its time so far missing. */
  readonly stage_ms: Readonly<Record<string, number>>;
  /** Awaits `work` and books its duration under `stage`, whether it succeeds or not. */
  time<T>(stage: string, work: Promise<T>): Promise<T>;
}

/** Starts with no stage measured. */
export function createStageTimer(clock: Clock): StageTimer {
  const stageMs: Record<string, number> = {};
  return {
    stage_ms: stageMs,
    async time(stage, work) {
      const start = clock.monotonicMs();
      try {
        return await work;
      } finally {
        stageMs[stage] = Math.round(clock.monotonicMs() - start);
      }
    },
  };
}

import { z } from "zod";
import type { Clock } from "../clock.ts";

const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/** The live status of a job as it is stored, and told. */
export const jobStatusSchema = z.object({
  job_id: z.string(),
  year: z.number(),
  month: z.number(),
  status: z.enum(["queued", "processing", "enriching", "complete", "failed"]),
  /** A sentence for people. */
  progress: z.string(),
  stats: z.record(z.string(), z.number().nullable()),
  error: z.string().optional(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  completed_at: z.iso.datetime().optional(),
  duration_ms: z.number().optional(),
});

/** The live status of one job, kept in Deno KV for 7 days. A courtesy: the log is the truth. */
export type JobStatus = z.infer<typeof jobStatusSchema>;

/** What a status change may say; the rest is derived. */
export interface JobStatusChange {
  readonly status: JobStatus["status"];
  readonly progress: string;
  readonly stats?: JobStatus["stats"];
  readonly error?: string;
}

export interface JobStatusStore {
  /** Creates the statuses of claimed months as `queued`, before their messages are sent. */
  create(
    jobs: readonly { readonly job_id: string; readonly year: number; readonly month: number }[],
  ): Promise<void>;
  /** Changes statuses by job id in one commit; leaves out those that have expired. */
  change(changes: ReadonlyMap<string, JobStatusChange>): Promise<void>;
  /** The status, or `null` when unknown or expired. */
  read(jobId: string): Promise<JobStatus | null>;
}

/** Keeps job statuses in `kv`. */
export function createJobStatusStore(kv: Deno.Kv, { clock }: { clock: Clock }): JobStatusStore {
  const key = (jobId: string): Deno.KvKey => ["job_status", jobId];

  async function read(jobId: string): Promise<JobStatus | null> {
    const entry = await kv.get(key(jobId));
    return entry.value === null ? null : jobStatusSchema.parse(entry.value);
  }

  return {
    read,
    async create(jobs): Promise<void> {
      const now = clock.now().toISOString();
      let commit = kv.atomic();
      for (const { job_id, year, month } of jobs) {
        const status: JobStatus = {
          job_id,
          year,
          month,
          status: "queued",
          progress: "Waiting for a free worker",
          stats: {},
          created_at: now,
          updated_at: now,
        };
        commit = commit.set(key(job_id), status, { expireIn: KEEP_MS });
      }
      await commit.commit();
    },
    async change(changes): Promise<void> {
      const now = clock.now();
      let commit = kv.atomic();
      for (const [jobId, change] of changes) {
        const before = await read(jobId);
        if (before) {
          commit = commit.set(key(jobId), changed(before, { change, now }), { expireIn: KEEP_MS });
        }
      }
      await commit.commit();
    },
  };
}

function changed(
  before: JobStatus,
  { change, now }: { change: JobStatusChange; now: Date },
): JobStatus {
  const isFinal = change.status === "complete" || change.status === "failed";
  return {
    ...before,
    ...change,
    stats: { ...before.stats, ...change.stats },
    updated_at: now.toISOString(),
    ...(isFinal
      ? {
        completed_at: now.toISOString(),
        duration_ms: now.getTime() - Date.parse(before.created_at),
      }
      : {}),
  };
}

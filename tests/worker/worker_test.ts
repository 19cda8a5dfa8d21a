import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { ClaimKeeper } from "../../src/claims/claim_keeper.ts";
import type { HeldClaim } from "../../src/claims/held_claim.ts";
import { createLog } from "../../src/log.ts";
import { type JobMessage, jobMessage } from "../../src/queue/job_message.ts";
import { createWorker, type WorkerOptions } from "../../src/worker/worker.ts";
import { AppError } from "../../src/errors.ts";

function message(): JobMessage {
  return jobMessage({ job_id: crypto.randomUUID(), year: 2012, month: 3 });
}

/** A worker's options and what its claims do; `run` is what becomes of one that was begun. */
interface Given extends Partial<Pick<WorkerOptions, "concurrency" | "leaseMs" | "timeLimitMs">> {
  readonly run?: (jobId: string, signal: AbortSignal) => Promise<void>;
  readonly renew?: ClaimKeeper["renew"];
  readonly release?: ClaimKeeper["release"];
}

function options(
  { run = () => Promise.resolve(), renew, release, ...given }: Given,
): WorkerOptions {
  let begun = { jobId: "", signal: new AbortController().signal };
  return {
    claims: {
      // What a claim can write is not this module's matter.
      hold(jobId, signal, body): Promise<void> {
        begun = { jobId, signal };
        return body({} as HeldClaim);
      },
      renew: renew ?? ((jobIds) => Promise.resolve(jobIds)),
      release: release ?? (() => Promise.resolve()),
    },
    work: () => run(begun.jobId, begun.signal),
    concurrency: 2,
    leaseMs: 60_000,
    timeLimitMs: 60_000,
    clock: systemClock,
    log: createLog(),
    ...given,
  };
}

/** Ends when the signal does, with its reason. */
function untilAborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(signal.reason), { once: true })
  );
}

Deno.test("createWorker() runs no more jobs at once than its concurrency", async () => {
  let running = 0;
  let most = 0;
  const worker = createWorker(options({
    async run() {
      most = Math.max(most, ++running);
      await systemClock.sleep(1);
      running--;
    },
  }));
  for (let count = 0; count < 20; count++) worker.accept(message());
  assertEquals(worker.held().length, 20);
  await worker.idle();
  assertEquals([most, worker.held().length], [2, 0]);
  await worker.shutdown(0);
});

Deno.test("createWorker() works a message delivered three times once", async () => {
  let runs = 0;
  const worker = createWorker(options({
    run: () => {
      runs++;
      return Promise.resolve();
    },
  }));
  const delivered = message();
  for (let count = 0; count < 3; count++) worker.accept(delivered);
  await worker.idle();
  assertEquals(runs, 1);
  await worker.shutdown(0);
});

Deno.test("createWorker() stops a job whose claim was lost", async () => {
  const reasons: unknown[] = [];
  const worker = createWorker(options({
    leaseMs: 3,
    renew: () => Promise.resolve([]),
    async run(_, signal) {
      reasons.push(await untilAborted(signal));
    },
  }));
  worker.accept(message());
  await worker.idle();
  assertEquals((reasons[0] as AppError).code, "CLAIM_LOST");
  await worker.shutdown(0);
});

Deno.test("createWorker() stops a job at its time limit and renews it no more", async () => {
  const reasons: unknown[] = [];
  const worker = createWorker(options({
    timeLimitMs: 5,
    async run(_, signal) {
      reasons.push(await untilAborted(signal));
    },
  }));
  worker.accept(message());
  await worker.idle();
  assertEquals((reasons[0] as AppError).code, "TIME_LIMIT");
  await worker.shutdown(0);
});

Deno.test("createWorker() renews what waits as well as what runs", async () => {
  const renewed = new Set<string>();
  const enough = Promise.withResolvers<void>();
  const worker = createWorker(options({
    concurrency: 1,
    leaseMs: 3,
    renew(jobIds) {
      jobIds.forEach((jobId) => renewed.add(jobId));
      if (renewed.size === 3) enough.resolve();
      return Promise.resolve(jobIds);
    },
    async run() {
      await enough.promise;
    },
  }));
  const messages = [message(), message(), message()];
  messages.forEach((one) => worker.accept(one));
  await worker.idle();
  assertEquals(renewed, new Set(messages.map(({ job_id }) => job_id)));
  await worker.shutdown(0);
});

Deno.test("shutdown() gives back what waits and lets what runs finish", async () => {
  const released: string[] = [];
  const finish = Promise.withResolvers<void>();
  const finished: string[] = [];
  const worker = createWorker(options({
    concurrency: 1,
    release: (jobId) => {
      released.push(jobId);
      return Promise.resolve();
    },
    async run(job_id) {
      await finish.promise;
      finished.push(job_id);
    },
  }));
  const [running, waiting] = [message(), message()];
  worker.accept(running);
  worker.accept(waiting);
  const stopping = worker.shutdown(60_000);
  worker.accept(message());
  finish.resolve();
  await stopping;
  assertEquals([finished, released], [[running.job_id], [waiting.job_id]]);
});

Deno.test("shutdown() stops what is still running after the grace", async () => {
  const reasons: unknown[] = [];
  const worker = createWorker(options({
    async run(_, signal) {
      reasons.push(await untilAborted(signal));
    },
  }));
  worker.accept(message());
  await worker.shutdown(1);
  assertEquals((reasons[0] as AppError).code, "SHUTTING_DOWN");
});

Deno.test("shutdown() stops what runs after the grace although giving back takes longer", async () => {
  const stopped = Promise.withResolvers<void>();
  const worker = createWorker(options({
    concurrency: 1,
    timeLimitMs: 3_600_000, // it is not this that stops the job
    release: () => stopped.promise,
    async run(_, signal) {
      await untilAborted(signal);
      stopped.resolve();
    },
  }));
  worker.accept(message());
  worker.accept(message());
  await worker.shutdown(1);
  assertEquals(worker.held(), []);
});

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createLog } from "../../src/log.ts";
import { type JobMessage, jobMessage } from "../../src/queue/job_message.ts";
import { createJobStatusStore } from "../../src/job_status/job_status.ts";
import { createKvQueue } from "../../src/queue/kv_queue.ts";
import { openKvStore } from "../../src/queue/kv_store.ts";
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";

function message(month: number): JobMessage {
  return jobMessage({ job_id: crypto.randomUUID(), year: 2012, month });
}

// Deno KV finishes its own operations some time after close().
const loose = { sanitizeOps: false, sanitizeResources: false };

Deno.test("createKvQueue() delivers every message sent, and only messages", loose, async () => {
  const kv = await Deno.openKv(":memory:");
  const queue = createKvQueue(kv, { log: createLog() });
  const sent = Array.from({ length: 700 }, (_, index) => message(index % 12 + 1));
  const received = new Set<string>();
  const all = Promise.withResolvers<void>();
  queue.listen(({ job_id }) => {
    received.add(job_id);
    if (received.size === sent.length) all.resolve();
  });
  await kv.enqueue({ nonsense: true });
  await queue.send(sent);
  await all.promise;
  assertEquals(received, new Set(sent.map(({ job_id }) => job_id)));
  assertThrows(() => queue.listen(() => {}), Error, "one listener");
  await queue.close();
});

Deno.test(
  "createKvQueue() says that the queue is unreachable when nothing can be sent",
  loose,
  async () => {
    const kv = await Deno.openKv(":memory:");
    const queue = createKvQueue(kv, { log: createLog() });
    await queue.close();
    const error = await assertRejects(() => queue.send([message(1)]), AppError);
    assertEquals(error.code, "QUEUE_UNREACHABLE");
  },
);

Deno.test("openKvStore() names a file it cannot open", loose, async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "this is not a database, and long enough to be noticed as such");
  const error = await assertRejects(() => openKvStore(file), AppError, file);
  assertEquals(error.code, "QUEUE_UNREACHABLE");
  await Deno.remove(file);
});

Deno.test("createJobStatusStore() keeps a job from queued to its end", loose, async () => {
  const kv = await Deno.openKv(":memory:");
  const store = createJobStatusStore(kv, { clock: systemClock });
  const jobId = crypto.randomUUID();
  await store.create([{ job_id: jobId, year: 2012, month: 3 }]);
  assertEquals((await store.read(jobId))?.status, "queued");
  await store.change(
    new Map([[jobId, { status: "processing", progress: "Asking", stats: { books: 3 } }]]),
  );
  await store.change(
    new Map([[jobId, { status: "complete", progress: "Done", stats: { resolved: 2 } }]]),
  );
  const status = await store.read(jobId);
  assertEquals(status?.stats, { books: 3, resolved: 2 });
  assertEquals(status?.progress, "Done");
  assertEquals(typeof status?.duration_ms, "number");
  assertEquals(await store.read(crypto.randomUUID()), null);
  const unknown = crypto.randomUUID();
  await store.change(new Map([[unknown, { status: "complete", progress: "Nobody" }]]));
  assertEquals(await store.read(unknown), null);
  kv.close();
});

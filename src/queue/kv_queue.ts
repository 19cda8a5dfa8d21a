import type { Log } from "../log.ts";
import { AppError } from "../errors.ts";
import { type JobMessage, parseJobMessage } from "./job_message.ts";
import type { JobQueue } from "./job_queue.ts";

/** An atomic commit takes at most 1,000 operations and 800 KiB; a message is far below 1 KiB. */
const MESSAGES_PER_COMMIT = 500;

/**
 * The queue built into Deno KV. Two of its habits shape what is around it: a message whose handler
 * has not returned within about a minute is delivered again while the first still runs, and there is
 * no limit on handlers at once. So the handler only hands over, and the limits are the worker's.
 *
 * Only the process that sent a message receives it: one file, one listener, one process.
 */
export function createKvQueue(kv: Deno.Kv, { log }: { log: Log }): JobQueue {
  let listening: Promise<void> | null = null;
  return {
    async send(messages): Promise<void> {
      try {
        for (let start = 0; start < messages.length; start += MESSAGES_PER_COMMIT) {
          await enqueueAll(kv, messages.slice(start, start + MESSAGES_PER_COMMIT));
        }
      } catch (error) {
        throw new AppError(
          "QUEUE_UNREACHABLE",
          `Cannot send ${messages.length} messages to the queue`,
          { cause: error },
        );
      }
    },
    listen(handler): void {
      if (listening) throw new Error("The queue already has its one listener");
      listening = kv.listenQueue((value: unknown) => {
        const { message, ...rest } = parseJobMessage(value);
        if (message) handler(message);
        else log.warn("message_dropped", { reason: "unknown", ...rest });
      });
      listening.catch((error) => log.error("queue_stopped", { error }));
    },
    async close(): Promise<void> {
      kv.close();
      await listening?.catch(() => {
        // Already logged where it started; closing must go on.
      });
    },
  };
}

async function enqueueAll(kv: Deno.Kv, messages: readonly JobMessage[]): Promise<void> {
  let commit = kv.atomic();
  for (const message of messages) commit = commit.enqueue(message);
  await commit.commit();
}

/** What the engine's thread is asked; it does one thing at a time, in this order. */
export type EngineRequest =
  | { readonly kind: "start"; readonly directory: string | null }
  | { readonly kind: "exchange"; readonly messages: Uint8Array }
  | { readonly kind: "close" };

/** What it answers to each. Of an error, a thread can send no more than these. */
export type EngineAnswer =
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly error: Pick<Error, "name" | "message"> };

interface Waiting {
  resolve(bytes: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

/**
 * The embedded engine in a thread of its own. It has one session, in which it answers messages of
 * Postgres's protocol, and computes without a pause while it does.
 */
export class EngineThread {
  readonly #worker: Worker;
  #waiting: Waiting[] = [];
  #isEnded = false;

  private constructor() {
    this.#worker = new Worker(new URL("./engine_program.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<EngineAnswer>) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if ("bytes" in data) resolve(data.bytes);
      else reject(Object.assign(new Error(data.error.message), { name: data.error.name }));
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const name = /Requires \w+ access/.test(event.message) ? "NotCapable" : "Error";
      this.#end(Object.assign(new Error(event.message), { name }));
    };
  }

  /**
   * Starts the engine on the files in `directory`, which must exist, or in memory when it is `null`.
   * Throws what the engine or the permissions of this process say when it cannot be.
   */
  static async start(directory: string | null): Promise<EngineThread> {
    const thread = new EngineThread();
    try {
      await thread.#ask({ kind: "start", directory });
      return thread;
    } catch (error) {
      thread.terminate();
      throw error;
    }
  }

  /** Whether it has been ended, by whomever. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Gives the engine's answer to whole messages. Rejects when the engine gave up. */
  exchange(messages: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask({ kind: "exchange", messages });
  }

  /** Ends the engine after what it was asked before, its files complete. */
  async close(): Promise<void> {
    if (this.#isEnded) return;
    await this.#ask({ kind: "close" });
    this.terminate();
  }

  /** Ends it where it is: what was not committed is lost, as by a kill. */
  terminate(): void {
    this.#end(new Error("The embedded database was ended"));
  }

  #ask(request: EngineRequest): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#isEnded) return Promise.reject(new Error("The embedded database has ended"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  #end(reason: Error): void {
    this.#isEnded = true;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }
}

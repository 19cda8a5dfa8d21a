/// <reference lib="deno.worker" />
/** Connects to a port of this machine as often as it is asked, and counts what arrived. */
import { connect } from "node:net";

/** What the thread is sent: `arrived` is one number, shared between the threads. */
export interface Arriving {
  readonly port: number;
  readonly clients: number;
  readonly arrived: Int32Array<SharedArrayBuffer>;
}

self.onmessage = ({ data: { port, clients, arrived } }: MessageEvent<Arriving>) => {
  for (let client = 0; client < clients; client++) {
    connect(port, "127.0.0.1", () => {
      Atomics.add(arrived, 0, 1);
      Atomics.notify(arrived, 0);
    });
  }
};

import { mutateBody, type WireBody } from "./mutate_body.ts";

/** The answers of a service to the requests of a client, by request. */
export type Recording = ReadonlyMap<string, WireBody>;

function keyOf(input: Request | URL | string, init?: RequestInit): string {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input);
  return `${init?.method ?? "GET"} ${pathname}${search} ${init?.body ?? ""}`;
}

/** Runs `talk` with a fetch that keeps every answer. */
export async function record(talk: (recording: typeof fetch) => Promise<void>): Promise<Recording> {
  const recorded = new Map<string, WireBody>();
  await talk(async (input, init) => {
    const response = await fetch(input, init);
    const text = await response.text();
    recorded.set(keyOf(input, init), { status: response.status, text });
    return new Response(text, { status: response.status });
  });
  return recorded;
}

const NO_BODY = new Set([204, 205, 304]);

/**
 * A fetch that answers from a recording, most answers changed. A request that was never recorded,
 * which a changed answer leads to, gets the answer to another one.
 */
export function mutatedFetch(
  recording: Recording,
  { random, share }: { readonly random: () => number; readonly share: number },
): typeof fetch {
  const all = [...recording.values()];
  return (input, init) => {
    init?.signal?.throwIfAborted();
    const answer = recording.get(keyOf(input, init)) ?? all[Math.floor(random() * all.length)];
    if (answer === undefined) return Promise.reject(new TypeError("Nothing was recorded"));
    const { status, text } = random() < share ? mutateBody(answer, random) : answer;
    return Promise.resolve(new Response(NO_BODY.has(status) ? null : text, { status }));
  };
}

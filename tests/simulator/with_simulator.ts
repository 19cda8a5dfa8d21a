import { systemClock } from "../../src/clock.ts";
import { LOCAL_MODEL } from "../../src/simulator/openai_compatible/openai_compatible.ts";
import {
  type Simulator,
  SIMULATOR_KEY,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/simulator.ts";

/** Runs `body` against a simulator on a free port, faultless by default, and closes it afterwards. */
export async function withSimulator(
  options: Partial<SimulatorOptions>,
  body: (simulator: Simulator) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ clock: systemClock, coverage: "full", ...options });
  try {
    await body(simulator);
  } finally {
    await simulator.close();
  }
}

/** A response taken apart. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; reading it throws when the body is no JSON. */
  // deno-lint-ignore no-explicit-any -- tests look into foreign wire formats
  readonly json: any;
}

/** Sends a request without following redirects and reads the whole answer. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text);
    },
  };
}

/** A generateContent call; `body` replaces fields of a plain request. */
export function generate(simulator: Simulator, options: {
  prompt?: string;
  model?: string;
  config?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: Record<string, unknown>;
}): Promise<Answer> {
  const { prompt = "Up to 5 notable books of March 2012", model = "gemini-3.5-flash-lite" } =
    options;
  const body = {
    contents: [{ role: "user", parts: [{ text: prompt }] }],
    generationConfig: { responseMimeType: "application/json", ...options.config },
    ...options.body,
  };
  return send(`${simulator.url}/gemini/v1beta/models/${model}:generateContent`, {
    method: "POST",
    headers: { "x-goog-api-key": SIMULATOR_KEY, ...options.headers },
    body: JSON.stringify(body),
  });
}

/** A request to one of xAI's interfaces; `body` replaces fields of a plain request. */
export function askXai(simulator: Simulator, options: {
  path?: "chat/completions" | "responses";
  prompt?: string;
  model?: string;
  headers?: Record<string, string>;
  body?: Record<string, unknown>;
} = {}): Promise<Answer> {
  const { path = "chat/completions", prompt = "Up to 5 notable books of March 2012" } = options;
  const asked = path === "responses"
    ? { input: [{ role: "user", content: [{ type: "input_text", text: prompt }] }] }
    : { messages: [{ role: "user", content: prompt }] };
  return send(`${simulator.url}/xai/v1/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${SIMULATOR_KEY}`,
      ...options.headers,
    },
    body: JSON.stringify({ model: options.model ?? "grok-4.3", ...asked, ...options.body }),
  });
}

/** A chat completion of the OpenAI-compatible service; `body` replaces fields of a plain request. */
export function askLocal(simulator: Simulator, options: {
  prompt?: string;
  model?: string;
  headers?: Record<string, string>;
  body?: Record<string, unknown>;
} = {}): Promise<Answer> {
  const { prompt = "Up to 5 notable books of March 2012", model = LOCAL_MODEL } = options;
  return send(`${simulator.url}/openai_compatible/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...options.headers },
    body: JSON.stringify({ model, messages: [{ role: "user", content: prompt }], ...options.body }),
  });
}

/** A GET of ISBNdb with the key. */
export function getIsbndb(simulator: Simulator, path: string): Promise<Answer> {
  return send(`${simulator.url}/isbndb${path}`, { headers: { authorization: SIMULATOR_KEY } });
}

/** A GET of Open Library. */
export function getOpenLibrary(simulator: Simulator, path: string): Promise<Answer> {
  return send(`${simulator.url}/open_library${path}`);
}

/** A GET of Google Books with the key. */
export function getGoogleBooks(
  simulator: Simulator,
  path: string,
  { key = SIMULATOR_KEY }: { key?: string } = {},
): Promise<Answer> {
  return send(`${simulator.url}/google_books${path}`, { headers: { "x-goog-api-key": key } });
}

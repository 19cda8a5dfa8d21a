import { assertEquals } from "@std/assert";
import type { GeneratorIdentity } from "../../../src/domain/providers/provider_lineup.ts";
import { type Answerer, staleReason } from "../../../src/domain/months/staleness.ts";

const GEMINI: GeneratorIdentity = { name: "gemini", kind: "model", model: "g-2" };
const XAI: GeneratorIdentity = { name: "xai", kind: "model", model: "x-2" };
const WIKIDATA: GeneratorIdentity = { name: "wikidata", kind: "catalogue", model: "query-2" };

function by(generator: Answerer["generator"], model: string, prompt_version = "2"): Answerer {
  return { generator, model, prompt_version };
}

const CASES: readonly {
  readonly name: string;
  readonly made: readonly Answerer[];
  readonly now: readonly GeneratorIdentity[];
  readonly reason: ReturnType<typeof staleReason>;
}[] = [
  { name: "made as today", made: [by("gemini", "g-2")], now: [GEMINI], reason: null },
  { name: "another model", made: [by("gemini", "g-1")], now: [GEMINI], reason: "model" },
  { name: "an older prompt", made: [by("gemini", "g-2", "1")], now: [GEMINI], reason: "prompt" },
  {
    name: "made again since",
    made: [by("gemini", "g-1"), by("gemini", "g-2", "1"), by("gemini", "g-2")],
    now: [GEMINI],
    reason: null,
  },
  {
    name: "another model with the prompt of today",
    made: [by("gemini", "g-1"), by("gemini", "g-2", "1")],
    now: [GEMINI],
    reason: "prompt",
  },
  {
    name: "one of two generators is new",
    made: [by("gemini", "g-2")],
    now: [GEMINI, XAI],
    reason: null,
  },
  {
    name: "one of two is as today, the other is not",
    made: [by("gemini", "g-2"), by("xai", "x-1")],
    now: [GEMINI, XAI],
    reason: "model",
  },
  { name: "its generator is gone", made: [by("gemini", "g-1")], now: [XAI], reason: "gone" },
  {
    name: "its generator is gone and only a catalogue is left",
    made: [by("gemini", "g-1")],
    now: [WIKIDATA],
    reason: null,
  },
  {
    name: "a catalogue was asked beside a generator that is gone",
    made: [by("gemini", "g-1"), by("wikidata", "query-2")],
    now: [XAI, WIKIDATA],
    reason: null,
  },
  {
    name: "a catalogue does not read the prompt",
    made: [by("wikidata", "query-2", "1")],
    now: [WIKIDATA],
    reason: null,
  },
  {
    name: "another query of a catalogue",
    made: [by("wikidata", "query-1")],
    now: [WIKIDATA],
    reason: "model",
  },
  { name: "nobody answered", made: [], now: [GEMINI], reason: null },
  { name: "nobody is there now", made: [by("gemini", "g-1")], now: [], reason: null },
];

for (const { name, made, now, reason } of CASES) {
  Deno.test(`staleReason(): ${name} → ${reason ?? "not stale"}`, () => {
    assertEquals(staleReason(made, { generators: now, prompt_version: "2" }), reason);
    assertEquals(
      staleReason(made.toReversed(), { generators: now.toReversed(), prompt_version: "2" }),
      reason,
    );
  });
}

// About resolvers/
import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import { assert } from "@std/assert";
import { z } from "zod";
import { decideMatch } from "../../src/domain/matching/decide_match.ts";
import { isIsbn13 } from "../../src/domain/isbns/isbn.ts";
import type { BookQuery, Resolver } from "../../src/domain/matching/resolver.ts";
import { RESOLVER_NAMES } from "../../src/domain/providers/provider_names.ts";
import { systemClock } from "../../src/clock.ts";
import { createIsbndb } from "../../src/providers/resolvers/isbndb/isbndb.ts";
import { seededRandom } from "../../src/simulator/faults/random.ts";
import { type Simulator, SIMULATOR_KEY, startSimulator } from "../../src/simulator/simulator.ts";
import { simulatedResolver } from "../bench/simulated_resolvers.ts";
import { manualClock } from "./manual_clock.ts";
import { mutatedFetch, record, type Recording } from "./recorded_wire.ts";

/** Changed answers each client is given; FUZZ=10000 for a thorough run. */
const ROUNDS = Number(Deno.env.get("FUZZ") ?? 2_500);

/** How many answers are changed: some are left as they are, so that later requests come about. */
const CHANGED_SHARE = 0.8;

function book(title: string, author: string, year: number): BookQuery {
  return { title, author, ...NO_SERIES, year, month: null, language: "en" };
}

const BOOKS: readonly BookQuery[] = [
  book("Gone Girl", "Gillian Flynn", 2012),
  book("The Racketeer", "John Grisham", 2012),
  book("The Bride (Lairds' Fiancées, #1)", "Julie Garwood", 1989),
  book("Split Second", "David Baldacci", 2003),
];

const dateSchema = z.strictObject({
  year: z.int(),
  month: z.int().min(1).max(12).nullable(),
  day: z.int().min(1).max(31).nullable(),
}).nullable();

const workSchema = z.strictObject({
  provider: z.string(),
  provider_key: z.string().min(1),
  title: z.string().min(1),
  subtitle: z.string().nullable(),
  authors: z.array(z.string()),
  first_published: dateSchema,
  popularity: z.number().nullable(),
  editions: z.array(z.strictObject({
    isbn13: z.string().refine(isIsbn13).nullable(),
    title: z.string().min(1),
    subtitle: z.string().nullable(),
    published: dateSchema,
    language: z.string().length(2).nullable(),
    binding: z.string().nullable(),
    publisher: z.string().nullable(),
    pages: z.number().nullable(),
  })),
});

/** The contract of a resolver's answer. */
const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("candidates"), works: z.array(workSchema).min(1) }),
  z.strictObject({ kind: z.literal("not_found") }),
  z.strictObject({
    kind: z.literal("unavailable"),
    reason: z.string(),
    until: z.date().nullable(),
    message: z.string().min(1),
  }),
]);

/** Escapes that only NUL and halves of surrogate pairs need: the database takes neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f]\w\w)/i;

function paced(wire: typeof fetch) {
  return {
    timeoutMs: 5_000,
    maxRetries: 1,
    ratePerSecond: Infinity,
    concurrency: 1,
    clock: manualClock(),
    random: () => 0.5,
    fetch: wire,
  };
}

const signal = new AbortController().signal;
const context = { signal, onCall: () => {} };

async function withSimulator(test: (simulator: Simulator) => Promise<void>): Promise<void> {
  const simulator = await startSimulator({ clock: systemClock, coverage: "full" });
  try {
    await test(simulator);
  } finally {
    await simulator.close();
  }
}

interface Subject {
  readonly query: BookQuery;
  readonly recording: Recording;
  /** Every ISBN the true answers give for the book. */
  readonly isbns: ReadonlySet<string>;
}

/** A book with the true answers about it. */
async function prepare(
  query: BookQuery,
  make: (wire: typeof fetch) => Resolver,
): Promise<Subject> {
  const isbns = new Set<string>();
  const recording = await record(async (wire) => {
    const answer = await make(wire).find(query, context);
    assert(answer.kind === "candidates", `${query.title}: ${JSON.stringify(answer)}`);
    for (const work of answer.works) {
      const decision = decideMatch(query, [work]);
      if (decision.kind !== "found") continue;
      for (const { isbn13 } of work.editions) if (isbn13 !== null) isbns.add(isbn13);
    }
  });
  assert(isbns.size > 0, `${query.title} is not found in the true answers`);
  return { query, recording, isbns };
}

for (const name of RESOLVER_NAMES) {
  Deno.test(`${name} gives a typed answer and no wrong ISBN for ${ROUNDS} spoilt answers`, () =>
    withSimulator(async ({ url }) => {
      const make = (wire: typeof fetch) => simulatedResolver(name, { url, pace: paced(wire) });
      const subjects = await Promise.all(BOOKS.map((query) => prepare(query, make)));
      const kinds = new Map<string, number>();
      for (let round = 0; round < ROUNDS; round++) {
        const { query, recording, isbns } = subjects[round % subjects.length]!;
        const wire = mutatedFetch(recording, {
          random: seededRandom(round),
          share: CHANGED_SHARE,
        });
        const answer = await make(wire).find(query, context);
        const parsed = answerSchema.safeParse(answer);
        assert(parsed.success, `round ${round}: ${parsed.error?.message}`);
        assert(!UNSTORABLE.test(JSON.stringify(answer)), `round ${round}: unstorable text`);
        kinds.set(answer.kind, (kinds.get(answer.kind) ?? 0) + 1);
        if (answer.kind !== "candidates") continue;
        const decision = decideMatch(query, answer.works);
        if (decision.kind !== "found") continue;
        kinds.set("found", (kinds.get("found") ?? 0) + 1);
        assert(isbns.has(decision.isbn13), `round ${round}: ${decision.isbn13} for ${query.title}`);
      }
      // A fuzz that only ever breaks everything, or nothing, proves nothing.
      for (const kind of ["candidates", "unavailable", "found"]) {
        assert((kinds.get(kind) ?? 0) > ROUNDS / 500, `${kind}: ${kinds.get(kind) ?? 0} rounds`);
      }
      // Only when every search of a book comes back empty, not damaged.
      assert((kinds.get("not_found") ?? 0) > 0, "nothing was ever not found");
    }));
}

const CHECK_ROUNDS = Math.ceil(ROUNDS / 5);

Deno.test(`isbndb confirms no ISBN it was not asked about in ${CHECK_ROUNDS} spoilt answers`, () =>
  withSimulator(async ({ url }) => {
    const isbns = ["9780297859383", "9780385535144", "9780743452922"];
    const ask = (wire: typeof fetch) =>
      createIsbndb({ ...paced(wire), baseUrl: `${url}/isbndb`, apiKey: SIMULATOR_KEY })
        .checkIsbns(isbns, context);
    const recording = await record(async (wire) => {
      const { works } = z.object({ works: z.array(z.unknown()) }).parse(await ask(wire));
      assert(works.length > 1, "some of the ISBNs are known");
    });
    for (let round = 0; round < CHECK_ROUNDS; round++) {
      const random = seededRandom(round);
      const parsed = answerSchema.safeParse(
        await ask(mutatedFetch(recording, { random, share: CHANGED_SHARE })),
      );
      assert(parsed.success, `round ${round}: ${parsed.error?.message}`);
      if (parsed.data.kind !== "candidates") continue;
      for (const { editions } of parsed.data.works) {
        assert(isbns.includes(editions[0]?.isbn13 ?? ""), `round ${round}`);
      }
    }
  }));

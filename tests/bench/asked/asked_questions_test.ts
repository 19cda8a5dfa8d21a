// The questions of every category, as asked_questions.ts puts them together.
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { isIsbn13 } from "../../../src/simulator/books/isbn_forms.ts";
import { startSimulator } from "../../../src/simulator/simulator.ts";
import {
  isAnswerable,
  readResolveQuestions,
  type ResolveQuery,
  SHIPPED_DATA,
} from "../resolve_queries.ts";
import { simulatedResolvers } from "../simulated_resolvers.ts";

const shipped = await readResolveQuestions(SHIPPED_DATA);
const asked = shipped.queries.filter(({ category }) => shipped.asked.has(category));
const byCategory = Map.groupBy(asked, ({ category }) => category);
const CATEGORIES = [
  "addition",
  "audio-first",
  "author-title",
  "book-number",
  "by-author",
  "foreign-first",
  "listed-series",
  "series-title",
  "sibling-subtitle",
  "subtitle-own-words",
  "title-series",
];

function madeIsbns(): string[] {
  const works = new Map(
    Object.values(shipped.added).flat().map((work) => [work.id, work] as const),
  );
  return [...works.values()].flatMap(({ editions }) => editions.map(({ isbn13 }) => isbn13));
}

Deno.test("askedQuestions() asks sixty and more of each category, some of which have no answer", () => {
  assertEquals([...byCategory.keys()].toSorted(), CATEGORIES);
  for (const [category, group] of byCategory) {
    const answerable = group.filter(({ all_isbn13 }) => all_isbn13.length > 0);
    assert(answerable.length >= 60, `${category}: ${answerable.length}`);
    assert(group.length - answerable.length >= 9, `${category} has an answer to everything`);
  }
});

Deno.test("askedQuestions() asks the same of the same data", async () => {
  const again = await readResolveQuestions(SHIPPED_DATA);
  assertEquals(again.queries, shipped.queries);
  assertEquals(again.added, shipped.added);
});

Deno.test("askedQuestions() has right answers that belong to the work meant, and wrong ones that do not", () => {
  for (const { id, work, all_isbn13, reject_isbn13 } of asked) {
    for (const isbn13 of all_isbn13) assertEquals(shipped.workOf(isbn13), work, `${id}: ${isbn13}`);
    for (const isbn13 of reject_isbn13) {
      assert(![work, undefined].includes(shipped.workOf(isbn13)), `${id}: ${isbn13}`);
    }
  }
});

Deno.test("askedQuestions() makes ISBNs that are valid and nobody else's", () => {
  const isbns = madeIsbns();
  assert(isbns.length > 500);
  assertEquals(isbns.filter((isbn13) => !isIsbn13(isbn13)), []);
  assertEquals(new Set(isbns).size, isbns.length);
  const known = new Set(asked.flatMap(({ all_isbn13, reject_isbn13 }) => [
    ...all_isbn13,
    ...reject_isbn13,
  ]));
  assertEquals(isbns.filter((isbn13) => !known.has(isbn13)), [], "made for no question");
});

Deno.test("askedQuestions() leaves alone what the shipped questions are about", () => {
  const earlier = shipped.queries.filter((one) =>
    !shipped.asked.has(one.category) && isAnswerable(one)
  );
  const works = new Set(earlier.map(({ work }) => work));
  const titles = new Set(earlier.map(({ query }) => query.title.toLowerCase()));
  assertEquals(asked.filter(({ work }) => works.has(work)).map(({ id }) => id), []);
  const made = Object.values(shipped.added).flat();
  assertEquals(made.filter(({ title }) => titles.has(title.toLowerCase())), []);
});

Deno.test("askedQuestions() asks about a book in one category only", () => {
  const categories = new Map<string, Set<string>>();
  for (const { work, category, all_isbn13 } of asked) {
    if (all_isbn13.length === 0) continue;
    categories.set(work, (categories.get(work) ?? new Set()).add(category));
  }
  assertEquals([...categories].filter(([, names]) => names.size > 1), []);
});

/** The first questions of a category that have a trap. */
function trapped(group: readonly ResolveQuery[]): ResolveQuery[] {
  const TRIED = 8;
  return group.filter(({ reject_isbn13 }) => reject_isbn13.length > 0).slice(0, TRIED);
}

Deno.test("askedQuestions() has traps that providers answer the question with", async () => {
  const { added } = shipped;
  const simulator = await startSimulator({ clock: systemClock, added });
  try {
    const resolvers = simulatedResolvers(simulator, 8).flat();
    const call = { signal: new AbortController().signal, onCall: () => {} };
    for (const [category, group] of byCategory) {
      const tried = trapped(group);
      assert(tried.length > 0, category);
      const met = await Promise.all(tried.map(async ({ query, reject_isbn13, heard_first }) => {
        const asked = { ...query, month: null, language: "en", series: null, number: null };
        const speakers = resolvers.filter(({ name }) =>
          heard_first === undefined || name === heard_first
        );
        const answers = await Promise.all(speakers.map((one) => one.find(asked, call)));
        const heard = answers.flatMap((answer) =>
          answer.kind === "candidates" ? answer.works.flatMap(({ editions }) => editions) : []
        );
        return heard.some(({ isbn13 }) => isbn13 !== null && reject_isbn13.includes(isbn13));
      }));
      // A client that asks for one half of a title only may never hear of a trap named like the other.
      const count = met.filter((isMet) => isMet).length;
      assert(count >= tried.length / 2, `${category}: ${count} of ${met.length}`);
    }
  } finally {
    await simulator.close();
  }
});

Deno.test("askedQuestions() lets nobody else know what the provider heard first has alone", () => {
  const first = asked.filter(({ heard_first }) => heard_first !== undefined);
  for (const { id, heard_first, reject_isbn13 } of first) {
    const holders = Object.entries(shipped.added).filter(([, works]) =>
      works.some(({ editions }) => editions.some(({ isbn13 }) => reject_isbn13.includes(isbn13)))
    );
    assertEquals(holders.map(([name]) => name), [String(heard_first)], id);
  }
});

import { assert, assertEquals } from "@std/assert";
import { createInventions } from "../../../src/simulator/language_models/invented_books.ts";
import {
  createModelKnowledge,
  type ModelKnowledge,
} from "../../../src/simulator/language_models/model_knowledge.ts";
import { NO_ODDITIES, type Oddities } from "../../../src/simulator/faults/oddities.ts";
import { joinTitle } from "../../../src/simulator/books/title_parts.ts";
import { shippedCatalogue } from "../shipped_catalogue.ts";

const inventions = createInventions(shippedCatalogue);
const MONTHS = [...shippedCatalogue.worksByMonth.keys()].toSorted();

function knowledge(oddities: Partial<Oddities> = {}, seed = 1): ModelKnowledge {
  return createModelKnowledge({
    catalogue: shippedCatalogue,
    oddities: { ...NO_ODDITIES, ...oddities },
    inventions: () => inventions,
    seed,
  });
}

function asked(month: string | null, limit = 20, model = "grok-4.3") {
  return { service: "xai", model, month, limit };
}

/** All that is named over the years, with whether it is of its month. */
function namedOverall(models: ModelKnowledge, model?: string) {
  const all = MONTHS.flatMap((month) =>
    models.named(asked(month, 20, model)).map((book) => ({
      ...book,
      isOfMonth: shippedCatalogue.worksByMonth.get(month)
        ?.some((work) => joinTitle(work) === book.title) ?? false,
      isInvented: inventions.isInvented({ title: book.title, author: book.authors.join(", ") }),
    }))
  );
  const share = (isMeant: (book: typeof all[number]) => boolean) =>
    all.filter(isMeant).length / all.length;
  return { all, share };
}

function assertNear(actual: number, expected: number): void {
  assert(Math.abs(actual - expected) < 0.02, `${actual.toFixed(3)} is not near ${expected}`);
}

Deno.test("ModelKnowledge named() names the month's works by their notability, and no other", () => {
  const { all, share } = namedOverall(knowledge());
  assertEquals(share(({ isOfMonth }) => isOfMonth), 1);
  assert(all.length > 2_000);
  const june = knowledge().named(asked("2012-06", 3)).map(({ title }) => title);
  assertEquals(
    june,
    (shippedCatalogue.worksByMonth.get("2012-06") ?? []).slice(0, 3).map(joinTitle),
  );
  assertEquals(knowledge().named(asked(null)), []);
});

Deno.test("ModelKnowledge named() keeps to the shares of invented and misdated books", () => {
  const { share } = namedOverall(knowledge({ inventedShare: 0.05, misdatedShare: 0.1 }));
  assertNear(share(({ isInvented }) => isInvented), 0.05);
  assertNear(share(({ isInvented, isOfMonth }) => !isInvented && !isOfMonth), 0.1);
});

Deno.test("ModelKnowledge named() never names more than asked for, also with what is wrong", () => {
  const models = knowledge({ inventedShare: 0.3, misdatedShare: 0.3 });
  const counts = MONTHS.map((month) => models.named(asked(month, 6)).length);
  assertEquals(Math.max(...counts), 6);
});

Deno.test("ModelKnowledge named() gives each model another part of what there is", () => {
  const models = knowledge({ knownShare: 0.85 });
  const titles = (model: string) =>
    new Set(namedOverall(models, model).all.map(({ title }) => title));
  const [one, other] = [titles("grok-4.3"), titles("llama-4-small")];
  const total = new Set(namedOverall(knowledge()).all.map(({ title }) => title)).size;
  assertNear(one.size / total, 0.85);
  assertNear(other.size / total, 0.85);
  assert(one.union(other).size / total > 0.93);
});

Deno.test("ModelKnowledge named() says the same again for a month, and something else for a seed", () => {
  const oddities = { knownShare: 0.8, inventedShare: 0.1, misdatedShare: 0.1 };
  const first = knowledge(oddities).named(asked("2012-06"));
  assertEquals(knowledge(oddities).named(asked("2012-06")), first);
  const models = knowledge(oddities, 2);
  assert(JSON.stringify(models.named(asked("2012-06"))) !== JSON.stringify(first));
});

Deno.test("ModelKnowledge misdated() gives out the neighbours' works as of the month", () => {
  const books = knowledge().misdated(asked("2012-06", 10));
  const june = new Set((shippedCatalogue.worksByMonth.get("2012-06") ?? []).map(joinTitle));
  assertEquals(books.length, 10);
  assert(books.every(({ title, month }) => month === "2012-06" && !june.has(title)));
});

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { SimulatedWork } from "../../../src/simulator/books/catalogue.ts";
import { isIsbn13 } from "../../../src/simulator/books/isbn_forms.ts";
import { translationOf } from "../../../src/simulator/books/translations.ts";
import { shippedCatalogue as catalogue } from "../shipped_catalogue.ts";

const shippedCatalogue = {
  works: catalogue.works.map((work) => ({
    ...work,
    editions: work.editions.map((edition) => ({ ...edition, language: edition.language ?? "en" })),
  })),
};

const FREE = { year: 2012, taken: new Set<string>() };

function shareTranslated(isMeant: (work: SimulatedWork) => boolean): number {
  const meant = shippedCatalogue.works.filter((work) =>
    isMeant(work) && work.authors.length > 0 && !/\d/.test(work.title)
  );
  return meant.filter((work) => translationOf(work, FREE) !== null).length / meant.length;
}

Deno.test("translationOf() makes editions of a quarter of the notable works and of few others", () => {
  const notable = shareTranslated(({ notability }) => notability !== null);
  const others = shareTranslated(({ notability }) => notability === null);
  assert(Math.abs(notable - 0.25) < 0.03, `${notable} of the notable ones`);
  assert(Math.abs(others - 0.04) < 0.01, `${others} of the others`);
});

Deno.test("translationOf() bears the title, in another language, with an ISBN of its group", () => {
  const groups: Record<string, string> = { de: "3", fr: "2", es: "84", it: "88", nl: "90" };
  for (const work of shippedCatalogue.works.slice(0, 2_000)) {
    const made = translationOf(work, FREE);
    if (made === null) continue;
    const { isbn13, title, language, authors } = made;
    assertEquals([title, authors], [work.title, work.authors]);
    assert(isIsbn13(isbn13) && isbn13.startsWith(`978${groups[language ?? ""]}`), isbn13);
  }
});

Deno.test("translationOf() takes no ISBN that somebody has", () => {
  const work = shippedCatalogue.works.find((one) => translationOf(one, FREE) !== null)!;
  const first = translationOf(work, FREE)!.isbn13;
  const second = translationOf(work, { ...FREE, taken: new Set([first]) })!.isbn13;
  assertNotEquals(second, first);
});

Deno.test("translationOf() makes none of a work in another language", () => {
  const work = shippedCatalogue.works.find((one) => translationOf(one, FREE) !== null)!;
  const editions = work.editions.map((edition) => ({ ...edition, language: "fr" }));
  assertEquals(translationOf({ ...work, editions }, FREE), null);
});

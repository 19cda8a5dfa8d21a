import { assert, assertEquals } from "@std/assert";
import { PAID_RESOLVERS, RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { holdingOf } from "../../../src/simulator/books/coverage.ts";
import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { SERVICES } from "../../../src/simulator/services.ts";
import { shippedCatalogue as catalogue } from "../shipped_catalogue.ts";
import { getOpenLibrary, withSimulator } from "../with_simulator.ts";

const FREE = RESOLVER_NAMES.filter((name) => !PAID_RESOLVERS.includes(name));
const holdings = new Map(
  RESOLVER_NAMES.map((name) => [name, holdingOf(catalogue, SERVICES[name])]),
);

function worksOf(service: ResolverName) {
  return holdings.get(service)?.works ?? [];
}

function shareOf(ids: ReadonlySet<string>): number {
  return ids.size / catalogue.works.length;
}

function union(services: readonly ResolverName[]): Set<string> {
  return new Set(services.flatMap((service) => worksOf(service).map(({ id }) => id)));
}

function assertNear(actual: number, expected: number, what: string): void {
  assert(Math.abs(actual - expected) < 0.02, `${what}: ${actual.toFixed(3)}, not ${expected}`);
}

Deno.test("holdingOf() gives each service its share of the works", () => {
  assertNear(shareOf(union(["open_library"])), 0.92, "Open Library");
  assertNear(shareOf(union(["google_books"])), 0.9, "Google Books");
  assertNear(shareOf(union(["isbndb"])), 0.97, "ISBNdb");
  assertNear(shareOf(union(["wikidata"])), 0.25, "Wikidata");
  const editions = (holdings.get("open_library")?.isbns.size ?? 0) / catalogue.isbns.size;
  assertNear(editions, 0.9, "editions in Open Library");
});

Deno.test("holdingOf() gives archive.org most of the old books and few of the new", () => {
  const held = new Set(worksOf("archive_org").map(({ id }) => id));
  const shareAmong = (isMeant: (year: number) => boolean) => {
    const meant = catalogue.works.filter(({ firstPublished }) =>
      firstPublished !== null && isMeant(Number(firstPublished.slice(0, 4)))
    );
    return meant.filter(({ id }) => held.has(id)).length / meant.length;
  };
  assert(Math.abs(shareAmong((year) => year < 2012) - 0.65) < 0.05);
  // Notable works of later years often have an edition dated before: a reissue of something older.
  assert(shareAmong((year) => year >= 2012) < 0.25);
});

Deno.test("holdingOf() leaves hardly a work that nobody holds, and few that only ISBNdb does", () => {
  assert(shareOf(union(RESOLVER_NAMES)) >= 0.995);
  assert(shareOf(union(FREE)) >= 0.97);
  assert(union(RESOLVER_NAMES).size < catalogue.works.length);
});

Deno.test("holdingOf() gives the same part every time and different parts to different services", () => {
  assertEquals(holdingOf(catalogue, SERVICES.wikidata).works, worksOf("wikidata"));
  const [openLibrary, google] = [union(["open_library"]), union(["google_books"])];
  const onlyOne = [...openLibrary].filter((id) => !google.has(id));
  assert(onlyOne.length > 500 && [...google].some((id) => !openLibrary.has(id)));
});

Deno.test("holdingOf() invents no work, no edition and no ISBN", () => {
  const byId = new Map(catalogue.works.map((work) => [work.id, work]));
  for (const service of RESOLVER_NAMES) {
    for (const work of worksOf(service)) {
      const known = new Set(byId.get(work.id)?.editions.map(({ isbn13 }) => isbn13));
      assert(work.editions.length > 0, `${work.id} of ${service} has no edition`);
      for (const { isbn13 } of work.editions) assert(known.has(isbn13), `${isbn13} of ${service}`);
    }
  }
});

Deno.test("holdingOf() misspells at most one title in a hundred", () => {
  for (const service of RESOLVER_NAMES) {
    const editions = worksOf(service).flatMap((work) => work.editions);
    const wrong = editions.filter(({ isbn13, rawTitle }) => {
      const place = catalogue.isbns.get(isbn13);
      return place && catalogue.works[place.work]?.editions[place.edition]?.rawTitle !== rawTitle;
    });
    const share = wrong.length / editions.length;
    assert(share > 0 && share <= 0.01, `${service}: ${share}`);
  }
});

Deno.test("holdingOf() lists ISBNs in the forms each service is known for", () => {
  const shareWith = (service: ResolverName, listing: string) => {
    const editions = worksOf(service).flatMap((work) => work.editions);
    return editions.filter(({ isbnListing }) => isbnListing === listing).length / editions.length;
  };
  assertNear(shareWith("open_library", "isbn10_only"), 0.08, "Open Library");
  assertNear(shareWith("archive_org", "isbn10_only"), 0.35, "archive.org");
  assertNear(shareWith("wikidata", "none"), 0.3, "Wikidata");
  assertEquals(shareWith("isbndb", "plain"), 1);
});

Deno.test("holdingOf() mixes records up as those of real services are", async () => {
  await withSimulator({ coverage: "realistic" }, async (simulator) => {
    const fields = "key,author_name,editions,editions.isbn";
    let [joined, several, unshown] = [0, 0, 0];
    for (const title of ["dark", "love", "night", "girl"]) {
      const params = new URLSearchParams({ q: `title:${title}`, fields, limit: "400" });
      const { docs } = (await getOpenLibrary(simulator, `/search.json?${params}`)).json;
      for (const { author_name = [], editions } of docs) {
        if (author_name.some((name: string) => / and /.test(name))) joined++;
        if (editions.docs === undefined) unshown++;
        if (editions.docs?.[0]?.isbn?.length > 2) several++;
      }
    }
    assert(joined > 0 && several > 0 && unshown > 0, `${[joined, several, unshown]}`);
  });
});

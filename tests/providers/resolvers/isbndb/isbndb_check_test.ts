import { assert, assertEquals, assertRejects } from "@std/assert";
import { createIsbndb, type Isbndb } from "../../../../src/providers/resolvers/isbndb/isbndb.ts";
import { ACADEMIC } from "../../../../src/simulator/isbndb/isbndb.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import { type Answer, type Arrived, htmlPage } from "../../fixture_server.ts";
import { manyIsbns } from "../many_isbns.ts";
import {
  isbnsOf,
  type MakeResolver,
  type ResolverBench,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver<Isbndb> = (http) => createIsbndb({ ...http, apiKey: SIMULATOR_KEY });

function answering(
  answers: readonly Answer[],
  test: (bench: ResolverBench<Isbndb>) => Promise<void>,
): Promise<void> {
  return withFixtures({ make, answers }, test);
}

function book(isbn13: string) {
  return { title: "The Salt Ledger", isbn13, isbn: isbn13, authors: ["Mara Quill"] };
}

function askedIn({ body }: Arrived): readonly string[] {
  return JSON.parse(body).isbns;
}

/** A server that knows every ISBN and refuses batches of more than `most`. */
function knowingAll(most: number, status = 413): Answer {
  return (arrived) => {
    const isbns = askedIn(arrived);
    return isbns.length > most
      ? Response.json({ message: "Too many ISBNs" }, { status })
      : Response.json({ total: isbns.length, requested: isbns.length, data: isbns.map(book) });
  };
}

Deno.test("checkIsbns() asks for all valid ISBNs once, in one request", () =>
  answering([knowingAll(100)], async ({ resolver, context, arrived, calls }) => {
    const isbns = ["1402894627", "978-1-4028-9462-6", "9781402894633", "9781402894634", ""];
    const works = worksOf(await resolver.checkIsbns(isbns, context));
    assertEquals(works.map(({ provider_key }) => provider_key), ["9781402894626", "9781402894633"]);
    assertEquals(calls, ["isbndb"]);
    const [request] = arrived;
    assert(request !== undefined);
    assertEquals([request.method, request.path], ["POST", "/books"]);
    assertEquals(request.headers.get("authorization"), SIMULATOR_KEY);
    assertEquals(request.headers.get("content-type"), "application/json");
    assertEquals(askedIn(request), ["9781402894626", "9781402894633"]);
  }));

Deno.test("checkIsbns() sends nothing when there is nothing to ask", () =>
  answering([knowingAll(100)], async ({ resolver, context, calls }) => {
    assertEquals(await resolver.checkIsbns([], context), { kind: "not_found" });
    assertEquals(await resolver.checkIsbns(["junk"], context), { kind: "not_found" });
    assertEquals(calls, []);
  }));

Deno.test("checkIsbns() takes what is missing for unknown and what was not asked for nothing", async () => {
  const [first = "", second = ""] = manyIsbns(3);
  const partly = Response.json({ total: 1, data: [book(second), book("9781402894640")] });
  await answering([partly], async ({ resolver, context }) => {
    assertEquals(isbnsOf(await resolver.checkIsbns([first, second], context)), [second]);
  });
  const none = [Response.json({ data: [] }), Response.json({ message: "No" }, { status: 404 })];
  for (const answer of none) {
    await answering([answer], async ({ resolver, context }) => {
      assertEquals(await resolver.checkIsbns([first], context), { kind: "not_found" });
    });
  }
});

Deno.test("checkIsbns() halves a batch that is too large, and remembers", () =>
  answering([knowingAll(30)], async ({ resolver, context, arrived }) => {
    const isbns = manyIsbns(120);
    const works = worksOf(await resolver.checkIsbns(isbns, context));
    assertEquals(works.map(({ provider_key }) => provider_key), isbns);
    assertEquals(arrived.map((each) => askedIn(each).length), [100, 50, 25, 25, 25, 25, 20]);
    await resolver.checkIsbns(isbns.slice(0, 60), context);
    assertEquals(arrived.slice(7).map((each) => askedIn(each).length), [25, 25, 10]);
  }));

Deno.test("checkIsbns() comes to the ten of the smallest plan, which refuses more with 400", () =>
  answering([knowingAll(10, 400)], async ({ resolver, context, arrived }) => {
    const isbns = manyIsbns(105);
    const works = worksOf(await resolver.checkIsbns(isbns, context));
    assertEquals(works.map(({ provider_key }) => provider_key), isbns);
    const sizes = arrived.map((each) => askedIn(each).length);
    assertEquals(sizes, [100, 50, 25, 12, ...Array(10).fill(10), 5]);
  }));

Deno.test("checkIsbns() takes the refusal of a batch no larger than one before for another one", () =>
  answering(
    [knowingAll(100), Response.json({ message: "Bad request" }, { status: 400 })],
    async ({ resolver, context, arrived }) => {
      const answer = await resolver.checkIsbns(manyIsbns(200), context);
      assertEquals(answer.kind === "unavailable" && answer.reason, "rejected_request");
      assertEquals(arrived.map((each) => askedIn(each).length), [100, 100]);
    },
  ));

Deno.test("checkIsbns() gives up on batches no plan is too small for", () =>
  answering([knowingAll(3)], async ({ resolver, context, arrived }) => {
    const answer = await resolver.checkIsbns(manyIsbns(25), context);
    assertEquals(answer.kind === "unavailable" && answer.reason, "rejected_request");
    assertEquals(arrived.map((each) => askedIn(each).length), [25, 12, 10]);
  }));

Deno.test("checkIsbns() says nothing when a part could not be checked", async () => {
  const failures = [htmlPage(500), Response.json({ message: "daily quota" }, { status: 429 })];
  for (const failure of failures) {
    await answering([knowingAll(100), failure], async ({ resolver, context }) => {
      assertEquals((await resolver.checkIsbns(manyIsbns(101), context)).kind, "unavailable");
    });
  }
});

Deno.test("checkIsbns() rejects only when its caller has aborted", () =>
  answering([knowingAll(100)], async ({ resolver, context }) => {
    const reason = new Error("cancelled");
    const aborted = { ...context, signal: AbortSignal.abort(reason) };
    const rejection = assertRejects(() => resolver.checkIsbns(manyIsbns(1), aborted));
    assertEquals(await rejection, reason);
  }));

Deno.test("checkIsbns() confirms books of the simulator within the smallest plan", () => {
  const options = { plans: { isbndb: ACADEMIC } };
  return withSimulatedCatalogues(
    { service: "isbndb", make, options },
    async ({ resolver, context }) => {
      const known = ["9780297859383", "9780385535144"];
      const answer = await resolver.checkIsbns([...manyIsbns(30), ...known], context);
      const found = isbnsOf(answer);
      for (const isbn of known) assert(found.includes(isbn), isbn);
      assertEquals(worksOf(answer).length, known.length);
    },
  );
});

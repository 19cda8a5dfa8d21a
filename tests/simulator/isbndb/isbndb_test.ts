import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { ACADEMIC } from "../../../src/simulator/isbndb/isbndb.ts";
import { createManualClock } from "../manual_clock.ts";
import { getIsbndb, send, withSimulator } from "../with_simulator.ts";

const KEY = "simulator-key";
const GONE_GIRL = "9780297859383";

function postBooks(simulator: Simulator, isbns: unknown) {
  return send(`${simulator.url}/isbndb/books`, {
    method: "POST",
    headers: { authorization: KEY, "content-type": "application/json" },
    body: JSON.stringify({ isbns }),
  });
}

Deno.test("createIsbndbService() wants the raw key", async () => {
  await withSimulator({}, async (simulator) => {
    const status = async (headers: Record<string, string>) =>
      (await send(`${simulator.url}/isbndb/key`, { headers })).status;
    assertEquals(await status({}), 401);
    assertEquals(await status({ authorization: "other" }), 401);
    assertEquals(await status({ authorization: `Bearer ${KEY}` }), 401);
    assertEquals(await status({ authorization: KEY }), 200);
  });
});

Deno.test("createIsbndbService() reads one book by either ISBN", async () => {
  await withSimulator({}, async (simulator) => {
    const { json } = await getIsbndb(simulator, `/book/${GONE_GIRL}`);
    assertEquals(json.book.isbn13, GONE_GIRL);
    assertEquals(json.book.isbn10, "0297859382");
    assertEquals(json.book.date_published, "2012-06");
    assertEquals(json.book.dimensions_structured, []);
    assertEquals(json.book.subjects, null);
    assertEquals(json.book.other_isbns, [{ isbn: "9780307588364" }]);
    assertEquals((await getIsbndb(simulator, "/book/0297859382")).json, json);
    assertEquals((await getIsbndb(simulator, "/book/9781402894626")).status, 404);
  });
});

Deno.test("createIsbndbService() searches by text, author and month", async () => {
  await withSimulator({}, async (simulator) => {
    const search = (bounds: string) =>
      getIsbndb(simulator, `/search/books?text=Gone+Girl&author=Gillian+Flynn${bounds}`);
    const month = (await search("&publishedFrom=2012-06&publishedTo=2012-06")).json;
    assertEquals(month.data.map(({ isbn13 }: { isbn13: string }) => isbn13), [GONE_GIRL]);
    assertEquals([month.total, month.page, month.page_size], [1, 1, 20]);
    assertEquals((await search("")).json.total, 2);
    const none = await search("&publishedFrom=2013&publishedTo=2014");
    assertEquals([none.status, none.json.message], [404, none.json.error_message]);
    assertEquals(simulator.journal.entries()[0]?.query, {
      title: "Gone Girl",
      author: "Gillian Flynn",
    });
  });
});

Deno.test("createIsbndbService() lists a free search with the best first and junk after it", async () => {
  await withSimulator({}, async (simulator) => {
    const { json } = await getIsbndb(simulator, "/books/Gone%20Girl?pageSize=5");
    assertEquals(json.data.slice(0, 2).map(({ title }: { title: string }) => title), [
      "Gone Girl",
      "Gone Girl",
    ]);
    assertEquals(json.data.length, 5);
    assert(json.total > 5);
    assertEquals(json.requested, null);
    const next = (await getIsbndb(simulator, "/books/Gone%20Girl?pageSize=5&page=2")).json;
    assertEquals(next.total, json.total);
    const strict = await getIsbndb(simulator, "/books/Gone%20Girl?shouldMatchAll=1&column=title");
    assertEquals(strict.json.total, 2);
    const beyond = await getIsbndb(simulator, "/books/Gone%20Girl?page=900");
    assertEquals(beyond.status, 404);
  });
});

Deno.test("createIsbndbService() names its list as the plan says", async () => {
  await withSimulator({ plans: { isbndb: { listKey: "books" } } }, async (simulator) => {
    const { json } = await getIsbndb(simulator, "/books/Gone%20Girl?year=2012");
    assertEquals(Object.keys(json), ["total", "books"]);
    assertEquals(json.books[0].isbn13, GONE_GIRL);
  });
});

Deno.test("createIsbndbService() gives null for authors nobody knows and mixes the order of names", async () => {
  await withSimulator({}, async (simulator) => {
    const novels =
      (await getIsbndb(simulator, "/books/Strawberry%20Panic?shouldMatchAll=1")).json.data;
    assert(novels.length > 0);
    assert(novels.every(({ authors }: { authors: unknown }) => authors === null));
    const flynn = (await getIsbndb(simulator, "/books/Gillian%20Flynn?column=author")).json.data;
    const names = new Set(flynn.flatMap(({ authors }: { authors: string[] }) => authors));
    assert(names.has("Gillian Flynn") && names.has("Flynn, Gillian"), [...names].join("; "));
  });
});

Deno.test("createIsbndbService() says what is wrong with parameters", async () => {
  await withSimulator({}, async (simulator) => {
    for (
      const path of [
        "/books/gone?column=colour",
        "/books/gone?pageSize=101",
        `/search/books?text=${"a".repeat(151)}`,
        `/search/books?text=gone&author=${"a".repeat(151)}`,
        "/books/gone?year=2012&publishedFrom=2012",
        "/search/books",
        "/search/books?text=gone&publishedFrom=June",
      ]
    ) {
      const { status, json } = await getIsbndb(simulator, path);
      assertEquals(status, 400, path);
      assertMatch(json.message, /^Bad request: /);
    }
    assertEquals((await getIsbndb(simulator, `/books/${"a".repeat(151)}`)).status, 414);
  });
});

Deno.test("createIsbndbService() leaves unknown ISBNs out of a batch and counts each", async () => {
  await withSimulator({ plans: { isbndb: { batchMax: 3 } } }, async (simulator) => {
    const { json } = await postBooks(simulator, [GONE_GIRL, "9781402894626", "030758836X"]);
    assertEquals([json.total, json.requested], [2, 3]);
    assertEquals(json.data.map(({ isbn13 }: { isbn13: string }) => isbn13), [
      GONE_GIRL,
      "9780307588364",
    ]);
    const key = (await getIsbndb(simulator, "/key")).json;
    assertEquals(key.plan_limit, { total: 15_000, spent: 3, left: 14_997 });
    assertEquals((await postBooks(simulator, ["1", "2", "3", "4"])).status, 413);
    assertEquals((await postBooks(simulator, "x")).status, 415);
    const costs = simulator.journal.entries().map((
      { query, cost },
    ) => [query?.isbns?.length, cost]);
    assertEquals(costs, [[3, 3], [undefined, 0], [4, 4], [undefined, 1]]);
  });
});

Deno.test("createIsbndbService() can count a batch as one call", async () => {
  await withSimulator({ plans: { isbndb: { quotaCounting: "request" } } }, async (simulator) => {
    const { headers } = await postBooks(simulator, [GONE_GIRL, "9780307588364"]);
    assertMatch(headers.get("ratelimit") ?? "", /^limit=15000, remaining=14999, reset=\d+$/);
    assertEquals(headers.get("ratelimit-policy"), "15000;w=86400, 3;w=1");
  });
});

Deno.test("createIsbndbService() spends the day's quota and gets it back at 00:00 UTC", async () => {
  const clock = createManualClock("2026-06-15T23:59:00Z");
  await withSimulator({ clock, plans: { isbndb: { dailyQuota: 2 } } }, async (simulator) => {
    const get = () => getIsbndb(simulator, `/book/${GONE_GIRL}`);
    assertEquals([(await get()).status, (await get()).status], [200, 200]);
    const refused = await get();
    assertEquals(refused.status, 429);
    assertMatch(refused.json.message, /daily/i);
    clock.advance(60_000);
    assertEquals((await get()).status, 200);
  });
});

Deno.test("createIsbndbService() enforces calls per second when told to", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) {
      statuses.push((await getIsbndb(simulator, `/book/${GONE_GIRL}`)).status);
    }
    assertEquals(statuses, [200, 200, 200, 429]);
    clock.advance(1_000);
    assertEquals((await getIsbndb(simulator, `/book/${GONE_GIRL}`)).status, 200);
  });
});

Deno.test("createIsbndbService() plays its faults in its own words", async () => {
  await withSimulator({}, async (simulator) => {
    const play = async (
      rule: {
        kind: "403" | "429" | "500" | "503" | "empty" | "quota";
        retry_after_seconds?: number;
      },
    ) => {
      simulator.faults.add({ service: "isbndb", times: 1, ...rule });
      return await getIsbndb(simulator, "/books/gone");
    };
    const limited = await play({ kind: "429", retry_after_seconds: 9 });
    assertEquals([limited.json, limited.headers.get("retry-after")], [
      { message: "Limit Exceeded" },
      "9",
    ]);
    assertMatch((await play({ kind: "quota" })).json.message, /daily/i);
    assertEquals((await play({ kind: "403" })).status, 403);
    assertEquals((await play({ kind: "500" })).status, 500);
    assertMatch((await play({ kind: "503" })).text, /^<html>/);
    assertEquals((await play({ kind: "empty" })).status, 404);
    assertEquals((await getIsbndb(simulator, "/books/gone")).status, 200);
  });
});

Deno.test("createIsbndbService() can be the smallest plan, and names another host for it", async () => {
  const isbndb = { ...ACADEMIC, apiHost: "api2.isbndb.com" };
  await withSimulator({ plans: { isbndb } }, async (simulator) => {
    const { json } = await getIsbndb(simulator, "/key");
    assertEquals([json.api_host, json.plan_limit.total], ["api2.isbndb.com", 2_000]);
    const isbns = Array.from({ length: 11 }, (_, index) => String(index));
    assertEquals((await postBooks(simulator, isbns)).status, 400);
    assertEquals((await postBooks(simulator, isbns.slice(1))).status, 200);
  });
});

Deno.test("createIsbndbService() files records as its many sources do", async () => {
  await withSimulator({ coverage: "full" }, async (simulator) => {
    const { json } = await getIsbndb(simulator, "/books/the?pageSize=100");
    const books: Record<string, unknown>[] = json.data;
    const has = (test: (book: Record<string, unknown>) => boolean) => books.some(test);
    assert(has(({ isbn }) => String(isbn).length === 10));
    assert(has(({ isbn, isbn13 }) => isbn === isbn13));
    assert(has(({ msrp }) => typeof msrp === "string"));
    assert(has(({ msrp }) => typeof msrp === "number"));
    const pages = await Promise.all(
      ["Preston", "Patterson", "and"].map((text) =>
        getIsbndb(simulator, `/books/${text}?pageSize=100`)
      ),
    );
    const all: { authors: string[] | null; binding?: string }[] = pages.flatMap((page) =>
      page.json.data
    );
    assert(
      all.some(({ authors }) => authors?.some((name) => /^\S+ .+(?:, | and |; )\S+ /.test(name))),
    );
  });
});

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { createManualClock } from "../manual_clock.ts";
import { type Answer, send, withSimulator } from "../with_simulator.ts";

type Fields = Record<string, unknown>;

function get(simulator: Simulator, path: string): Promise<Answer> {
  return send(`${simulator.url}/archive_org${path}`);
}

function ask(simulator: Simulator, q: string, more: Record<string, string> = {}): Promise<Answer> {
  const parameters = new URLSearchParams({ q, output: "json", ...more });
  return get(simulator, `/advancedsearch.php?${parameters}`);
}

async function docs(simulator: Simulator, q: string, more: Record<string, string> = {}) {
  return (await ask(simulator, q, more)).json.response.docs as Fields[];
}

Deno.test("createArchiveOrgService() finds items by words, phrases and ISBN", async () => {
  await withSimulator({}, async (simulator) => {
    const q = "title:(gone girl) AND creator:(flynn) AND mediatype:texts AND isbn:*";
    const found = await docs(simulator, q);
    assertEquals(found.length, 2);
    assertEquals(found[0]?.date, "2012-01-01T00:00:00Z");
    assertMatch(String(found[0]?.creator), /^Flynn, Gillian/);
    assertEquals(simulator.journal.entries()[0]?.query, { title: "gone girl", author: "flynn" });
    assertEquals((await docs(simulator, 'title:"girl gone"')).length, 0);
    assertEquals((await docs(simulator, "isbn:(9780297859383 OR 030758836X)")).length, 2);
    const others = await docs(simulator, "title:gone AND NOT creator:flynn AND isbn:*");
    assert(others.length > 0 && others.every(({ creator }) => !/Flynn/.test(String(creator))));
    assertEquals(
      (await docs(simulator, 'related-external-id:"urn:isbn:9781402894626"')).length,
      0,
    );
  });
});

Deno.test("createArchiveOrgService() bounds by year and by date", async () => {
  await withSimulator({}, async (simulator) => {
    const years = async (q: string) =>
      new Set((await docs(simulator, q, { rows: "200" })).map(({ year }) => year));
    assertEquals(await years("mediatype:texts AND year:[2005 TO 2006]"), new Set(["2005", "2006"]));
    assertEquals(
      await years("mediatype:texts AND date:[2005-01-01 TO 2005-12-31]"),
      new Set(["2005"]),
    );
    assertEquals(await years("year:2006"), new Set(["2006"]));
  });
});

Deno.test("createArchiveOrgService() gives a field as text, as a list, or not at all", async () => {
  await withSimulator({ coverage: "realistic" }, async (simulator) => {
    const found = await docs(simulator, "mediatype:texts", { rows: "2000" });
    const shapesOf = (field: string) =>
      new Set(found.map((item) => Array.isArray(item[field]) ? "array" : typeof item[field]));
    for (const field of ["isbn", "creator", "language"]) {
      assertEquals(shapesOf(field), new Set(["string", "array", "undefined"]), field);
    }
    assertEquals(shapesOf("title"), new Set(["string", "array"]));
    const isbns = found.flatMap(({ isbn = [] }) => isbn as string | string[]);
    const forms = [/^97\d{11}$/, /^\d{9}[\dX]$/, /^978-\d/, /^\d-\d/, / \((pbk|hbk)\.\)$/];
    for (const form of forms) assert(isbns.some((isbn) => form.test(isbn)), String(form));
    const texts = (field: string) => found.map((item) => [item[field] ?? ""].flat().join("; "));
    assert(texts("title").some((title) => / : [a-z]/.test(title)));
    assert(texts("title").some((title) => / \/ [A-Z]/.test(title)));
    assert(texts("creator").some((name) => /^\S+, .+, 19\d\d- author$/.test(name)));
  });
});

Deno.test("createArchiveOrgService() holds some editions twice", async () => {
  await withSimulator({ coverage: "realistic" }, async (simulator) => {
    const found = await docs(simulator, "isbn:*", { rows: "3000", fl: "identifier,title,isbn" });
    assertEquals(new Set(found.map(({ identifier }) => identifier)).size, found.length);
    const keys = found.map(({ isbn }) =>
      [isbn].flat().map((one) => String(one).slice(0, 13)).sort()
    )
      .map((list) => list.join());
    assert(new Set(keys).size < keys.length * 0.98);
  });
});

Deno.test("createArchiveOrgService() gives the fields, order and page asked for", async () => {
  await withSimulator({}, async (simulator) => {
    const path = "/advancedsearch.php?q=creator:king&output=json&rows=3&page=2" +
      "&fl[]=identifier&fl[]=downloads&sort[]=downloads+desc";
    const { response, responseHeader } = (await get(simulator, path)).json;
    assertEquals([response.start, response.docs.length], [3, 3]);
    assertEquals(Object.keys(response.docs[0]), ["identifier", "downloads"]);
    assertEquals(responseHeader.params.fields, "identifier,downloads");
    const counts = response.docs.map(({ downloads }: Fields) => downloads);
    assertEquals(counts, [...counts].sort((a, b) => b - a));
    const rising = await docs(simulator, "creator:king", { sort: "title asc", fl: "title" });
    const titles = rising.map(({ title }) => [title].flat()[0]);
    assertEquals(titles, [...titles].sort());
    assertStringIncludes((await get(simulator, "/advancedsearch.php?q=salt")).text, "<html>");
  });
});

Deno.test("createArchiveOrgService() refuses with 200 what it cannot search", async () => {
  await withSimulator({}, async (simulator) => {
    const refusals = [
      await ask(simulator, `title:(${"salt ".repeat(400)})`),
      await ask(simulator, "title:salt", { rows: "1000", page: "11" }),
      await ask(simulator, 'title:"salt'),
      await ask(simulator, ""),
    ];
    for (const { status, json } of refusals) {
      assertEquals(status, 200);
      assertMatch(json.error, /^\[UNSUPPORTED_VALUE\] /);
    }
    const last = await ask(simulator, "title:salt", { rows: "1000", page: "10" });
    assertEquals(last.json.response.docs, []);
  });
});

Deno.test("createArchiveOrgService() scrapes to the end by cursors", async () => {
  await withSimulator({}, async (simulator) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    let total = 0;
    do {
      const more = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/services/search/v1/scrape?q=title:dark&fields=title&count=100${more}`;
      const { json } = await get(simulator, path);
      seen.push(...json.items.map(({ identifier }: Fields) => identifier));
      assertEquals(json.count, json.items.length);
      ({ cursor, total } = json);
    } while (cursor !== undefined);
    assert(total > 100);
    assertEquals([seen.length, new Set(seen).size], [total, total]);
  });
});

Deno.test("createArchiveOrgService() says what is wrong with a scrape", async () => {
  await withSimulator({}, async (simulator) => {
    for (
      const wrong of ["&count=99", "&cursor=%21", "&cursor=c2Vjb25k", "&sorts=identifier,date"]
    ) {
      const { status, json } = await get(
        simulator,
        `/services/search/v1/scrape?q=title:dark${wrong}`,
      );
      assertEquals(status, 400, wrong);
      assert(json.error.length > 0 && json.errorType.length > 0);
    }
  });
});

Deno.test("createArchiveOrgService() reads an item's metadata, {} for an unknown one", async () => {
  const clock = createManualClock("2026-06-15T12:00:00Z");
  await withSimulator({ clock }, async (simulator) => {
    const [found] = await docs(simulator, "isbn:9780297859383");
    const { json } = await get(simulator, `/metadata/${found?.identifier}`);
    assertEquals(json.metadata.identifier, found?.identifier);
    assertEquals(json.metadata.date, "2012");
    assertEquals(json.created, 1_781_524_800);
    assertEquals((await get(simulator, "/metadata/gone")).json, {});
  });
});

Deno.test("createArchiveOrgService() bridges to the records of Open Library", async () => {
  await withSimulator({}, async (simulator) => {
    const [linked] = await docs(simulator, "creator:king AND openlibrary_edition:*");
    const edition = await send(
      `${simulator.url}/open_library/books/${linked?.openlibrary_edition}.json`,
    );
    assertEquals(edition.status, 200);
    assertEquals(edition.json.works, [{ key: `/works/${linked?.openlibrary_work}` }]);
  });
});

Deno.test("createArchiveOrgService() slows callers down when told to, in HTML", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const statuses: number[] = [];
    for (let call = 0; call < 16; call++) {
      statuses.push((await get(simulator, "/metadata/x")).status);
    }
    assertEquals(statuses, [...new Array(15).fill(200), 429]);
    clock.advance(1_000);
    assertEquals((await get(simulator, "/metadata/x")).status, 200);
  });
});

Deno.test("createArchiveOrgService() plays its faults in its own words", async () => {
  await withSimulator({}, async (simulator) => {
    for (const kind of ["403", "429", "500", "503"] as const) {
      simulator.faults.add({ service: "archive_org", kind, times: 1 });
      const { status, text } = await ask(simulator, "title:gone");
      assertEquals(status, Number(kind));
      assertStringIncludes(text, "<html>");
    }
    simulator.faults.add({ service: "archive_org", kind: "error_body", times: 1 });
    const inside = await ask(simulator, "title:gone");
    assertEquals([inside.status, Object.keys(inside.json)], [200, ["error"]]);
    simulator.faults.add({ service: "archive_org", kind: "empty", times: 1 });
    assertEquals((await docs(simulator, "title:gone")).length, 0);
    simulator.faults.add({ service: "archive_org", kind: "bad_content", times: 1 });
    assertEquals((await ask(simulator, "title:gone")).json.response.docs, "unavailable");
  });
});

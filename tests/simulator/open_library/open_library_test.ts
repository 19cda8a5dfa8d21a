import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createManualClock } from "../manual_clock.ts";
import { getOpenLibrary, send, withSimulator } from "../with_simulator.ts";

function searchPath(parameters: Record<string, string>): string {
  return `/search.json?${new URLSearchParams(parameters)}`;
}

Deno.test("createOpenLibraryService() finds a work and keeps isbn and editions back unless asked", async () => {
  await withSimulator({}, async (simulator) => {
    const plain = { title: "gone girl", author: "flynn" };
    const { json } = await getOpenLibrary(simulator, searchPath(plain));
    assertEquals(json.docs[0].title, "Gone Girl");
    assertEquals(json.docs[0].author_name, ["Gillian Flynn"]);
    assertEquals(json.docs[0].first_publish_year, 2012);
    assertEquals([json.docs[0].isbn, json.docs[0].editions], [undefined, undefined]);
    const asked = { ...plain, fields: "key,isbn,editions,editions.isbn" };
    const full = (await getOpenLibrary(simulator, searchPath(asked))).json.docs[0];
    assertEquals(Object.keys(full).sort(), ["editions", "isbn", "key"]);
    assertEquals([...full.isbn].sort(), [
      "0297859382",
      "030758836X",
      "9780297859383",
      "9780307588364",
    ]);
    assertEquals(full.editions.docs.length, 1);
    assertEquals(full.editions.numFound, 2);
    assertEquals(full.editions.docs[0].isbn.length, 2);
    assertEquals(simulator.journal.entries()[0]?.query, { title: "gone girl", author: "flynn" });
  });
});

Deno.test("createOpenLibraryService() aims every edition condition of q at one edition", async () => {
  await withSimulator({}, async (simulator) => {
    const fields = "key,title,editions,editions.isbn,editions.publish_date,editions.language";
    const find = async (q: string) =>
      (await getOpenLibrary(simulator, searchPath({ q, fields }))).json.docs;
    const [goblet] = await find(
      'title:"harry potter and the goblet of fire" AND publish_year:2002',
    );
    assertMatch(goblet.editions.docs[0].publish_date[0], /2002/);
    const [first] = await find('title:"harry potter and the goblet of fire" AND publish_year:2000');
    assertEquals(first.key, goblet.key);
    assert(first.editions.docs[0].isbn[0] !== goblet.editions.docs[0].isbn[0]);
    // The dated editions say no language and the English one no date: no single edition has both.
    assertEquals(
      await find(
        'title:"harry potter and the goblet of fire" AND publish_year:2002 AND language:eng',
      ),
      [],
    );
    assertEquals((await find("isbn:(9780297859383 OR 9780765345455)")).length, 2);
    assertEquals(simulator.journal.entries().at(-1)?.query, {
      isbns: ["9780297859383", "9780765345455"],
    });
  });
});

Deno.test("createOpenLibraryService() reads years of the work, negation and escaped signs", async () => {
  await withSimulator({}, async (simulator) => {
    const titles = async (q: string) => {
      const { json } = await getOpenLibrary(simulator, searchPath({ q, fields: "title" }));
      return json.docs.map(({ title }: { title: string }) => title);
    };
    assertEquals(await titles("author:flynn gone first_publish_year:[2011 TO 2012]"), [
      "Gone Girl",
    ]);
    assertEquals(await titles("author:flynn gone first_publish_year:[* TO 2011]"), []);
    assert(!(await titles("author:flynn -gone")).includes("Gone Girl"));
    assertEquals(await titles("title:(gone\\: girl\\!) author:gillian"), ["Gone Girl"]);
  });
});

Deno.test("createOpenLibraryService() sorts, pages and counts", async () => {
  await withSimulator({}, async (simulator) => {
    const all = { title: "love", fields: "key,edition_count" };
    const whole = (await getOpenLibrary(simulator, searchPath({ ...all, sort: "editions" }))).json;
    const counts = whole.docs.map((doc: { edition_count: number }) => doc.edition_count);
    assertEquals(counts, [...counts].sort((a, b) => b - a));
    const page = { ...all, sort: "editions", limit: "5" };
    const second = (await getOpenLibrary(simulator, searchPath({ ...page, page: "2" }))).json;
    const offset = (await getOpenLibrary(simulator, searchPath({ ...page, offset: "5" }))).json;
    assertEquals(second.docs, whole.docs.slice(5, 10));
    assertEquals(offset.docs, second.docs);
    assertEquals([second.numFound, second.start, offset.offset], [whole.numFound, 5, 5]);
  });
});

Deno.test("createOpenLibraryService() answers 422 for short queries and bad numbers", async () => {
  await withSimulator({}, async (simulator) => {
    const cases: [Record<string, string>, string, string][] = [
      [{ q: "ab" }, "q", "value_error"],
      [{ q: "The" }, "q", "value_error"],
      [{ q: "" }, "q", "value_error"],
      [{ title: "gone", limit: "many" }, "limit", "int_parsing"],
      [{ title: "gone", page: "0" }, "page", "greater_than_equal"],
      [{ title: "gone", offset: "-1" }, "offset", "greater_than_equal"],
    ];
    for (const [parameters, name, type] of cases) {
      const { status, json } = await getOpenLibrary(simulator, searchPath(parameters));
      assertEquals([status, json.detail[0].loc, json.detail[0].type], [422, ["query", name], type]);
    }
  });
});

Deno.test("createOpenLibraryService() leads from an ISBN to edition, work, editions and author", async () => {
  await withSimulator({}, async (simulator) => {
    const redirect = await getOpenLibrary(simulator, "/isbn/0-297-85938-2.json");
    assertEquals(redirect.status, 302);
    const location = redirect.headers.get("location") ?? "";
    assertMatch(location, /^\/open_library\/books\/OL\d+M\.json$/);
    const edition = (await send(simulator.url + location)).json;
    assertEquals(edition.isbn_13, ["9780297859383"]);
    assertEquals(edition.isbn_10, ["0297859382"]);
    assertEquals(edition.type, { key: "/type/edition" });
    const work = (await getOpenLibrary(simulator, `${edition.works[0].key}.json`)).json;
    assertEquals(work.title, "Gone Girl");
    const path = `${edition.works[0].key}/editions.json`;
    const first = (await getOpenLibrary(simulator, `${path}?limit=1`)).json;
    assertEquals([first.size, first.entries.length, first.links.prev], [2, 1, undefined]);
    const next = (await getOpenLibrary(simulator, first.links.next)).json;
    assertEquals([next.entries.length, next.links.next], [1, undefined]);
    assert(next.entries[0].key !== first.entries[0].key);
    const author = (await getOpenLibrary(simulator, `${edition.authors[0].key}.json`)).json;
    assertEquals(author.name, "Gillian Flynn");
  });
});

Deno.test("createOpenLibraryService() answers 404 as JSON for records and as HTML elsewhere", async () => {
  await withSimulator({}, async (simulator) => {
    for (const path of ["/isbn/9781402894626", "/works/OL1W", "/books/OL1M", "/authors/OL1A"]) {
      const { status, json } = await getOpenLibrary(simulator, `${path}.json`);
      assertEquals([status, json], [404, { error: "notfound", key: path }]);
    }
    const page = await getOpenLibrary(simulator, "/nowhere");
    assertEquals([page.status, page.headers.get("content-type")], [404, "text/html"]);
  });
});

Deno.test("createOpenLibraryService() turns away a program that names itself without a contact", async () => {
  await withSimulator({}, async (simulator) => {
    const status = async (agent: string) => {
      const headers = { "user-agent": agent };
      return (await send(`${simulator.url}/open_library/search.json?title=gone`, { headers }))
        .status;
    };
    assertEquals(await status("AlexandriaBackfill/1.0"), 403);
    assertEquals(await status("AlexandriaBackfill/1.0 (ops@example.org)"), 200);
    assertEquals(await status("AlexandriaBackfill/1.0 (https://example.org)"), 200);
    assertEquals(await status("Mozilla/5.0 (X11; Linux x86_64)"), 200);
    assertEquals(await status("Deno/2.9.6"), 200);
  });
});

Deno.test("createOpenLibraryService() enforces rates when told to, without naming a wait", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const headers = { "user-agent": "AlexandriaBackfill/1.0 (ops@example.org)" };
    const get = () => send(`${simulator.url}/open_library/search.json?title=gone`, { headers });
    for (let call = 0; call < 25; call++) assertEquals((await get()).status, 200);
    const refused = await get();
    assertEquals([refused.status, refused.json.status], [429, 429]);
    assertEquals(refused.headers.get("retry-after"), null);
    clock.advance(1_000);
    const statuses = [(await get()).status, (await get()).status, (await get()).status];
    assertEquals([...statuses, (await get()).status], [200, 200, 200, 429]);
  });
});

Deno.test("createOpenLibraryService() plays its faults in its own words", async () => {
  await withSimulator({}, async (simulator) => {
    const play = async (
      kind: "403" | "429" | "500" | "503" | "empty" | "bad_content" | "broken_json",
    ) => {
      simulator.faults.add({ service: "open_library", kind, times: 1 });
      return await getOpenLibrary(simulator, "/search.json?title=gone+girl");
    };
    for (const kind of ["403", "500", "503"] as const) {
      const { status, text } = await play(kind);
      assertEquals(status, Number(kind));
      assertStringIncludes(text, "<center>nginx</center>");
    }
    assertStringIncludes((await play("429")).json.message, "developers/dumps");
    assertEquals((await play("empty")).json.docs, []);
    assertEquals(typeof (await play("bad_content")).json.docs[0], "string");
    const broken = await play("broken_json");
    assertEquals(broken.status, 200);
    const whole = await getOpenLibrary(simulator, "/search.json?title=gone+girl");
    assert(whole.text.startsWith(broken.text) && whole.text.length > broken.text.length);
  });
});

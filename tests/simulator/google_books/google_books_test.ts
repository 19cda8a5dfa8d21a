import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { createManualClock } from "../manual_clock.ts";
import { getGoogleBooks, send, withSimulator } from "../with_simulator.ts";

const VOLUMES = "/books/v1/volumes";
const GONE_GIRL = "9780297859383";

interface VolumeInfo {
  title: string;
  authors?: string[];
  publishedDate?: string;
  industryIdentifiers?: { type: string; identifier: string }[];
}

async function search(simulator: Simulator, parameters: Record<string, string>) {
  return await getGoogleBooks(simulator, `${VOLUMES}?${new URLSearchParams(parameters)}`);
}

async function infos(simulator: Simulator, parameters: Record<string, string>) {
  const { items = [] } = (await search(simulator, parameters)).json;
  return items.map(({ volumeInfo }: { volumeInfo: VolumeInfo }) => volumeInfo) as VolumeInfo[];
}

Deno.test("createGoogleBooksService() bills calls without a key to a project without quota", async () => {
  await withSimulator({}, async ({ url, journal }) => {
    const { status, json } = await send(`${url}/google_books${VOLUMES}?q=salt`);
    assertEquals([status, json.error.status], [429, "RESOURCE_EXHAUSTED"]);
    assertStringIncludes(json.error.message, "limit 'Queries per day'");
    assertStringIncludes(json.error.message, "project_number:624717413613");
    const wrong = await send(`${url}/google_books${VOLUMES}?q=salt&key=other`);
    assertEquals([wrong.status, wrong.json.error.errors[0].reason], [400, "badRequest"]);
    assertEquals(wrong.json.error.details[0].reason, "API_KEY_INVALID");
    const right = await send(`${url}/google_books${VOLUMES}?q=zzzz&key=simulator-key`);
    assertEquals(right.json, { kind: "books#volumes", totalItems: 0 });
    assertEquals(journal.entries()[2]?.path, `${VOLUMES}?q=zzzz`);
  });
});

Deno.test("createGoogleBooksService() binds intitle: to one word or one phrase", async () => {
  await withSimulator({}, async (simulator) => {
    const [first] = await infos(simulator, { q: "intitle:gone intitle:girl inauthor:flynn" });
    assertEquals([first?.title, first?.publishedDate], ["Gone Girl", "2012-06"]);
    assertEquals(first?.industryIdentifiers, [
      { type: "ISBN_13", identifier: GONE_GIRL },
      { type: "ISBN_10", identifier: "0297859382" },
    ]);
    const phrase = await infos(simulator, { q: 'intitle:"gone girl"' });
    assert(phrase.length >= 2 && phrase.every(({ title }) => title.includes("Gone Girl")));
    assertEquals(await infos(simulator, { q: 'intitle:"girl gone"' }), []);
    // The second word is free, so it may as well be the author's.
    const loose = await infos(simulator, { q: "intitle:gone flynn" });
    assertEquals(loose[0]?.authors, ["Gillian Flynn"]);
    assertEquals(simulator.journal.entries()[0]?.query, { title: "gone girl", author: "flynn" });
  });
});

Deno.test("createGoogleBooksService() finds a number in words by its figures", async () => {
  await withSimulator({}, async (simulator) => {
    const [first] = await infos(simulator, { q: "intitle:10000 intitle:doors inauthor:harrow" });
    assertEquals(first?.title, "The Ten Thousand Doors of January");
  });
});

Deno.test("createGoogleBooksService() finds by isbn: and by the bare number", async () => {
  await withSimulator({}, async (simulator) => {
    for (const q of [`isbn:${GONE_GIRL}`, "isbn:0297859382", GONE_GIRL]) {
      assertEquals((await infos(simulator, { q })).map(({ title }) => title), ["Gone Girl"]);
    }
    assertEquals(simulator.journal.entries()[0]?.query, { isbns: [GONE_GIRL] });
  });
});

Deno.test("createGoogleBooksService() pages, and its total is not to be relied on", async () => {
  await withSimulator({}, async (simulator) => {
    const titles: string[] = [];
    const totals = new Set<number>();
    for (let startIndex = 0;; startIndex += 40) {
      const page = await search(simulator, {
        q: "intitle:dark",
        maxResults: "40",
        startIndex: String(startIndex),
      });
      totals.add(page.json.totalItems);
      if (page.json.items === undefined) break;
      titles.push(...page.json.items.map((item: { id: string }) => item.id));
    }
    assert(titles.length > 80);
    assertEquals(new Set(titles).size, titles.length);
    assert(totals.size > 1, [...totals].join(" "));
    const ten = await search(simulator, { q: "intitle:dark" });
    assertEquals(ten.json.items.length, 10);
    const newest = await infos(simulator, { q: "inauthor:king", orderBy: "newest" });
    const dates = newest.map(({ publishedDate = "" }) => publishedDate);
    assertEquals(dates, [...dates].sort().reverse());
  });
});

Deno.test("createGoogleBooksService() keeps to langRestrict, printType and fields", async () => {
  await withSimulator({}, async (simulator) => {
    const french = await infos(simulator, {
      q: "intitle:le",
      langRestrict: "fr",
      maxResults: "40",
    });
    assert(french.every((info) => !("language" in info) || Object.values(info).includes("fr")));
    assertEquals(await infos(simulator, { q: "intitle:gone", printType: "magazines" }), []);
    const { json } = await search(simulator, {
      q: 'intitle:"gone girl" inauthor:flynn',
      fields: "items(volumeInfo(title))",
    });
    assertEquals(json.items[0], { volumeInfo: { title: "Gone Girl" } });
    assertEquals(Object.keys(json), ["items"]);
  });
});

Deno.test("createGoogleBooksService() says which parameter is wrong", async () => {
  await withSimulator({}, async (simulator) => {
    const cases: [Record<string, string>, string][] = [
      [{ q: "salt", maxResults: "41" }, "maxResults"],
      [{ q: "salt", maxResults: "many" }, "maxResults"],
      [{ q: "salt", startIndex: "-1" }, "startIndex"],
      [{ q: "salt", orderBy: "oldest" }, "orderBy"],
      [{ q: "salt", fields: "items(" }, "fields"],
      [{ q: " " }, "q"],
    ];
    for (const [parameters, location] of cases) {
      const { status, json } = await search(simulator, parameters);
      assertEquals([status, json.error.errors[0].location], [400, location]);
    }
  });
});

Deno.test("createGoogleBooksService() reads a volume and takes an unknown one for a failure", async () => {
  await withSimulator({}, async (simulator) => {
    const { json } = await search(simulator, { q: `isbn:${GONE_GIRL}` });
    const { id } = json.items[0];
    assertMatch(id, /^[\w-]{5}AAAQBAJ$/);
    const volume = (await getGoogleBooks(simulator, `${VOLUMES}/${id}`)).json;
    assertEquals(volume.volumeInfo.title, "Gone Girl");
    const gone = await getGoogleBooks(simulator, `${VOLUMES}/AAAAAAAAAAAA`);
    assertEquals([gone.status, gone.json.error.errors[0].reason], [503, "backendFailed"]);
  });
});

Deno.test("createGoogleBooksService() hides identifiers from some searches that the volume has", async () => {
  await withSimulator({ coverage: "realistic" }, async (simulator) => {
    let thinCount = 0;
    let goneCount = 0;
    let otherCount = 0;
    let starredCount = 0;
    let shownCount = 0;
    for (const word of ["dark", "love", "night", "the"]) {
      for (const startIndex of ["0", "40", "80"]) {
        const { json } = await search(simulator, {
          q: `intitle:${word}`,
          maxResults: "40",
          startIndex,
        });
        for (const { id, volumeInfo } of json.items ?? []) {
          const types = volumeInfo.industryIdentifiers?.map((one: { type: string }) => one.type);
          if (types?.includes("OTHER")) otherCount++;
          if (/\*$/.test(volumeInfo.publishedDate ?? "")) starredCount++;
          shownCount++;
          if (types === undefined) thinCount++;
          const whole = await getGoogleBooks(simulator, `${VOLUMES}/${id}`);
          if (whole.status === 503) goneCount++;
          else assert(whole.json.volumeInfo.industryIdentifiers.length > 0);
        }
      }
    }
    assert(thinCount > 0 && otherCount > 0 && starredCount > 0);
    assert(goneCount > 0 && goneCount < shownCount / 20, `${goneCount} of ${shownCount} are gone`);
  });
});

Deno.test("createGoogleBooksService() now and then shows another book for an ISBN, or none", async () => {
  await withSimulator({ coverage: "realistic" }, async (simulator) => {
    const asked = new Set<string>();
    const outcomes = { right: 0, none: 0, wrong: 0 };
    for (const startIndex of ["0", "40", "80", "120", "160", "200", "240", "280"]) {
      const found = await infos(simulator, { q: "intitle:the", maxResults: "40", startIndex });
      for (const { industryIdentifiers = [] } of found) {
        const isbn = industryIdentifiers.find(({ type }) => type === "ISBN_13")?.identifier;
        if (isbn === undefined || asked.has(isbn)) continue;
        asked.add(isbn);
        const { items } = (await search(simulator, { q: `isbn:${isbn}` })).json;
        const { id } = items?.[0] ?? {};
        if (id === undefined) outcomes.none++;
        else {
          const whole = await getGoogleBooks(simulator, `${VOLUMES}/${id}`);
          const isRight = whole.status === 503 || whole.text.includes(isbn);
          outcomes[isRight ? "right" : "wrong"]++;
        }
      }
    }
    assert(asked.size > 200);
    assert(outcomes.wrong > 0 && outcomes.wrong < asked.size * 0.03, JSON.stringify(outcomes));
    assert(outcomes.none > 0 && outcomes.none < asked.size * 0.06, JSON.stringify(outcomes));
  });
});

Deno.test("createGoogleBooksService() gives a spent day back at midnight in California", async () => {
  const clock = createManualClock("2026-06-15T06:30:00Z");
  await withSimulator({ clock, plans: { google_books: { perDay: 2 } } }, async (simulator) => {
    const status = async () => (await search(simulator, { q: "zzzz" })).status;
    assertEquals([await status(), await status(), await status()], [200, 200, 429]);
    clock.advance(29 * 60_000);
    const { json } = await search(simulator, { q: "zzzz" });
    assertStringIncludes(json.error.message, "Queries per day");
    clock.advance(60_000);
    assertEquals(await status(), 200);
  });
});

Deno.test("createGoogleBooksService() enforces a hundred queries a minute when told to", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const statuses: number[] = [];
    for (let call = 0; call < 101; call++) {
      statuses.push((await search(simulator, { q: "zzzz" })).status);
    }
    assertEquals(statuses.filter((status) => status === 200).length, 100);
    const { json } = await search(simulator, { q: "zzzz" });
    assertStringIncludes(json.error.message, "per minute");
    clock.advance(1_000);
    assertEquals((await search(simulator, { q: "zzzz" })).status, 200);
  });
});

Deno.test("createGoogleBooksService() plays its faults in its own words", async () => {
  await withSimulator({}, async (simulator) => {
    const reasonOf = async (kind: "403" | "429" | "quota" | "500" | "503") => {
      simulator.faults.add({ service: "google_books", kind, times: 1 });
      const { status, json } = await search(simulator, { q: "salt" });
      return [status, json.error.errors[0].reason];
    };
    assertEquals(await reasonOf("403"), [403, "accessNotConfigured"]);
    assertEquals(await reasonOf("429"), [429, "rateLimitExceeded"]);
    assertEquals(await reasonOf("quota"), [429, "rateLimitExceeded"]);
    assertEquals(await reasonOf("500"), [500, "backendError"]);
    assertEquals(await reasonOf("503"), [503, "backendFailed"]);
    simulator.faults.add({ service: "google_books", kind: "empty", times: 1 });
    assertEquals((await search(simulator, { q: "intitle:gone" })).json.items, undefined);
    simulator.faults.add({ service: "google_books", kind: "bad_content", times: 1 });
    assertEquals(Array.isArray((await search(simulator, { q: "salt" })).json.items), false);
  });
});

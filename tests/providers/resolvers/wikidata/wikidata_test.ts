import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { decideMatch } from "../../../../src/domain/matching/decide_match.ts";
import { QUERY, worksOf } from "../resolver_harness.ts";
import {
  answering,
  claim,
  entities,
  hits,
  itemValue,
  labelled,
  MARA_QUILL,
  saltLedger,
  timeValue,
} from "./wikidata_fixtures.ts";

const HARDCOVER = {
  id: "Q900000011",
  ...labelled("The Salt Ledger"),
  claims: {
    P629: [itemValue("Q900000001")],
    P1476: [claim({ text: "The Salt Ledger: A Novel", language: "en" })],
    P212: [claim("978-1-4028-9462-6")],
    P577: [timeValue("2024-03-00", 10)],
    P407: [itemValue("Q1860")],
    P1104: [claim({ amount: "+352", unit: "1" })],
  },
};

Deno.test("createWikidata() asks for hits, statements, authors and editions, in this order", () =>
  answering(
    [
      hits("Q900000001"),
      entities(saltLedger({ P747: [itemValue("Q900000011")] })),
      entities(MARA_QUILL),
      entities(HARDCOVER),
    ],
    async ({ find, calls, arrived }) => {
      assertEquals(await find(), {
        kind: "candidates",
        works: [{
          provider: "wikidata",
          provider_key: "Q900000001",
          title: "The Salt Ledger",
          subtitle: null,
          authors: ["Mara Quill"],
          first_published: { year: 2024, month: 3, day: 12 },
          popularity: null,
          editions: [{
            isbn13: "9781402894626",
            title: "The Salt Ledger: A Novel",
            subtitle: null,
            published: { year: 2024, month: 3, day: null },
            language: "en",
            binding: null,
            publisher: null,
            pages: 352,
          }],
        }],
      });
      assertEquals(calls, ["wikidata", "wikidata", "wikidata", "wikidata"]);
      assert(arrived.every(({ path }) => path.startsWith("/w/api.php?")));
      const params = arrived.map(({ path }) => new URL(path, "http://x").searchParams);
      assertEquals(
        params[0]?.get("srsearch"),
        '"The Salt Ledger" haswbstatement:P50|P2093 -haswbstatement:P31=Q13442814',
      );
      assertEquals(params.map((each) => each.get("ids")), [
        null,
        "Q900000001",
        "Q7",
        "Q900000011",
      ]);
      assert(params.every((each) => !each.has("maxlag") && each.get("format") === "json"));
      assert(
        arrived.every(({ headers }) =>
          headers.get("user-agent") === "AlexandriaBackfill/1.0 (ops@example.org)"
        ),
      );
    },
  ));

Deno.test("createWikidata() stops as soon as an answer says that the book is not there", async () => {
  await answering([hits()], async ({ find, calls }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(calls.length, 1);
  });
  const pepper = saltLedger({}, labelled("Pepper"));
  await answering([hits("Q900000001"), entities(pepper)], async ({ find, calls }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(calls.length, 2);
  });
});

Deno.test("createWikidata() reads no editions when the work's own item has the ISBN", () => {
  const work = saltLedger({ P957: [claim("1-4028-9462-7")], P747: [itemValue("Q900000011")] });
  const answers = [hits("Q900000001"), entities(work), entities(MARA_QUILL)];
  return answering(answers, async ({ find, calls }) => {
    const [found] = worksOf(await find());
    assertEquals(found?.editions.map(({ isbn13, published }) => [isbn13, published]), [
      ["9781402894626", { year: 2024, month: 3, day: 12 }],
    ]);
    assertEquals(calls.length, 3);
  });
});

Deno.test("createWikidata() does not date one of several ISBNs on an item", () => {
  const P212 = [claim("978-1-4028-9462-6"), claim("9781402894633"), claim("978-1-4028-9462-7")];
  const work = saltLedger({ P212, P407: [itemValue("Q1860")] });
  return answering(
    [hits("Q900000001"), entities(work), entities(MARA_QUILL)],
    async ({ find }) => {
      const [found] = worksOf(await find());
      assertEquals(
        found?.editions.map(({ isbn13, published, language }) => [isbn13, published, language]),
        [["9781402894626", null, null], ["9781402894633", null, null]],
      );
    },
  );
});

Deno.test("createWikidata() puts an edition with its work, or lets it stand alone", async () => {
  const both = [hits("Q900000011", "Q900000001"), entities(HARDCOVER, saltLedger())];
  await answering([...both, entities(MARA_QUILL)], async ({ find, calls }) => {
    const works = worksOf(await find());
    assertEquals(works.map(({ provider_key }) => provider_key), ["Q900000001"]);
    assertEquals(works[0]?.editions.map(({ isbn13 }) => isbn13), ["9781402894626"]);
    assertEquals(calls.length, 3);
  });
  const alone = {
    ...HARDCOVER,
    claims: { ...HARDCOVER.claims, P2093: [claim("Mara Quill")] },
  };
  await answering([hits("Q900000011"), entities(alone)], async ({ find, calls }) => {
    const [work] = worksOf(await find());
    assertEquals([work?.authors, work?.first_published], [["Mara Quill"], null]);
    assertEquals(work?.editions.length, 1);
    assertEquals(calls.length, 2, "a name needs no further request");
  });
});

Deno.test("createWikidata() knows a work by any of its names", async () => {
  const names: readonly Record<string, unknown>[] = [
    { labels: { mul: { language: "mul", value: "The Salt Ledger" } } },
    { ...labelled("Das Salzbuch", "de"), aliases: { en: [{ value: "The Salt Ledger" }] } },
    labelled("the salt ledger: a novel"),
  ];
  for (const fields of names) {
    const work = saltLedger({ P212: [claim("978-1-4028-9462-6")] }, fields);
    const answers = [hits("Q900000001"), entities(work), entities(MARA_QUILL)];
    await answering(answers, async ({ find }) => {
      const decision = decideMatch(QUERY, worksOf(await find()));
      assertEquals(decision.kind === "found" && decision.isbn13, "9781402894626");
    });
  }
});

Deno.test("createWikidata() never proves a book by its title alone", () => {
  const authorless = saltLedger({ P50: [], P212: [claim("978-1-4028-9462-6")] });
  return answering([hits("Q900000001"), entities(authorless)], async ({ find }) => {
    assertFalse(decideMatch(QUERY, worksOf(await find())).kind === "found");
  });
});

Deno.test("createWikidata() asks for at most fifty items at once", () => {
  const P747 = Array.from({ length: 70 }, (_, index) => itemValue(`Q${100 + index}`));
  const answers = [hits("Q900000001"), entities(saltLedger({ P747 })), entities(MARA_QUILL)];
  return answering([...answers, entities()], async ({ find, arrived }) => {
    await find();
    const ids = new URL(arrived[3]?.path ?? "", "http://x").searchParams.get("ids") ?? "";
    assertEquals(ids.split("|").length, 50);
  });
});

Deno.test("createWikidata() searches for words only, behind the name of a series if there is one", async () => {
  const table: readonly [string, string][] = [
    ['The "Salt" Ledger: A Novel', "The Salt Ledger"],
    ["Night Huntress 3: At Grave's End", "At Grave's End"],
  ];
  for (const [title, phrase] of table) {
    await answering([hits()], async ({ find, arrived }) => {
      await find({ title });
      const srsearch = new URL(arrived[0]?.path ?? "", "http://x").searchParams.get("srsearch");
      assertEquals(srsearch?.split(" haswbstatement")[0], `"${phrase}"`);
    });
  }
});

Deno.test("createWikidata() does not search for a title without words", () =>
  answering([hits("Q1")], async ({ find, calls }) => {
    for (const title of ["?!", '"', "\ud800"]) {
      assertEquals((await find({ title })).kind, "not_found");
    }
    assertEquals(calls, []);
  }));

Deno.test("createWikidata() rejects only when its caller has aborted", () =>
  answering([hits()], async ({ find }) => {
    const reason = new Error("cancelled");
    assertEquals(await assertRejects(() => find({}, AbortSignal.abort(reason))), reason);
  }));

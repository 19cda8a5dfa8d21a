import { assertEquals } from "@std/assert";
import { prepareQuery } from "../../../src/domain/matching/record_title.ts";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { measureRecord } from "../../../src/domain/matching/score_work.ts";
import {
  buildGroup,
  isOpen,
  standingGroups,
  witnessesOf,
} from "../../../src/domain/matching/work_group.ts";
import { OTHER_ISBN, QUERY, record } from "../../support/books/match_records.ts";

function standing(groups: Parameters<typeof standingGroups>[0]): unknown {
  return standingGroups(groups, QUERY.year).map(({ records }) => records);
}

function measure(work: WorkCandidate, title = QUERY.title) {
  return measureRecord(prepareQuery({ ...QUERY, title }), work);
}

Deno.test("buildGroup() counts who knows the work, a record without author by its ISBN only", () => {
  const own = measure(record("open_library"));
  const authorless = [
    measure(record("google_books", { authors: [] })),
    measure(record("isbndb", { authors: [], isbn13: OTHER_ISBN })),
  ];
  const group = { records: [own], isTitled: true };
  const alone = buildGroup(group, witnessesOf([]));
  assertEquals([alone.providers, alone.parts.agreement], [["open_library"], 0]);
  const witnessed = buildGroup(group, witnessesOf(authorless));
  assertEquals(witnessed.providers, ["google_books", "open_library"]);
  assertEquals(witnessed.parts.agreement, 5);
});

Deno.test("standingGroups() sets aside what another title puts in the shade", () => {
  const dated = { published: { year: 2012, month: null, day: null } };
  const asked = "The Salt Books: Ghost Story";
  const bare = (title: string) => [measure(record("google_books", { title, ...dated }), asked)];
  const [stem, title] = [bare("The Salt Books"), bare("Ghost Story")];
  assertEquals(stem.map(isOpen), [false]);
  assertEquals(standing([stem]), [stem]);
  assertEquals(standing([stem, title]), [title]);

  const open = [
    measure(
      record("google_books", {
        title: "The Salt Ledger: Low Tide",
        published: { year: 2014, month: null, day: null },
      }),
    ),
  ];
  assertEquals(open.map(isOpen), [true]);
  const plain = [measure(record("open_library"))];
  assertEquals(standing([open]), [open]);
  assertEquals(standing([open, plain]), [plain]);

  const near = [measure(record("google_books", { title: "The Salt Ledgre" }))];
  assertEquals(standing([near, plain]), [plain]);
});

Deno.test("standingGroups() takes for the title the half that first appeared in the year asked for", () => {
  const asked = "High Water: The Salt Books";
  const of = (title: string, year: number) => [
    measure(record("google_books", { title, published: { year, month: null, day: null } }), asked),
  ];
  const titles = (...groups: ReturnType<typeof of>[]) =>
    standingGroups(groups, QUERY.year).flatMap(({ records }) => records).map(({ work }) =>
      work.title
    );
  assertEquals(titles(of("High Water", 2012), of("The Salt Books", 2009)), ["High Water"]);
  assertEquals(titles(of("High Water", 2012), of("The Salt Books", 2011)), ["High Water"]);
  // Of the same year, the half behind: so volumes are asked for most often.
  assertEquals(titles(of("High Water", 2012), of("The Salt Books", 2012)), ["The Salt Books"]);
  assertEquals(titles(of("High Water", 2010), of("The Salt Books", 2012)), ["The Salt Books"]);
});

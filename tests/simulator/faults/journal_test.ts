import { assertEquals } from "@std/assert";
import { createJournal } from "../../../src/simulator/faults/journal.ts";
import { createManualClock } from "../manual_clock.ts";

const SEARCH = { service: "open_library", method: "GET", path: "/search.json?title=salt" } as const;
const ASK = {
  service: "gemini",
  method: "POST",
  path: "/v1beta/models/x",
  month: "2012-03",
} as const;

Deno.test("Journal shows a request from its arrival on", () => {
  const journal = createJournal({ clock: createManualClock("2026-01-02T03:04:05Z") });
  const entry = journal.open({ ...SEARCH, query: { title: "salt" } });
  assertEquals(journal.entries(), [{
    seq: 1,
    at: "2026-01-02T03:04:05.000Z",
    ...SEARCH,
    query: { title: "salt" },
    cost: 1,
    status: null,
    answered: false,
  }]);
  entry.status = 200;
  assertEquals(journal.count({ status: 200 }), 1);
});

Deno.test("Journal filters by service, month, status and sequence", () => {
  const journal = createJournal({ clock: createManualClock() });
  journal.open(SEARCH).status = 200;
  journal.open(ASK).status = 503;
  journal.open(ASK).status = 200;
  assertEquals(journal.count(), 3);
  assertEquals(journal.count({ service: "gemini" }), 2);
  assertEquals(journal.count({ service: "gemini", status: 503 }), 1);
  assertEquals(journal.count({ month: "2012-03" }), 2);
  assertEquals(journal.entries({ since: 2 }).map(({ seq }) => seq), [3]);
});

Deno.test("Journal peakPerSecond() finds the busiest second wherever it begins", () => {
  const clock = createManualClock("2026-01-02T03:04:05.600Z");
  const journal = createJournal({ clock });
  assertEquals(journal.peakPerSecond("open_library"), 0);
  for (const wait of [0, 300, 300, 300, 900, 2_000]) {
    clock.advance(wait);
    journal.open(SEARCH);
  }
  journal.open(ASK);
  // Arrivals at 0, 300, 600 and 900 ms lie in one second, though in two of the clock's.
  assertEquals(journal.peakPerSecond("open_library"), 4);
  assertEquals(journal.peakPerSecond("gemini"), 1);
});

Deno.test("Journal countOn() and costOn() follow the calendar of the zone", () => {
  const clock = createManualClock("2026-06-15T06:30:00Z");
  const journal = createJournal({ clock });
  journal.open({ ...SEARCH, cost: 40 });
  clock.advance(3_600_000);
  journal.open(SEARCH);
  const utc = { day: "2026-06-15", timeZone: "UTC" };
  const pacific = { day: "2026-06-15", timeZone: "America/Los_Angeles" };
  assertEquals(journal.countOn("open_library", utc), 2);
  assertEquals(journal.costOn("open_library", utc), 41);
  assertEquals(journal.countOn("open_library", pacific), 1);
  assertEquals(journal.costOn("open_library", { ...pacific, day: "2026-06-14" }), 40);
  assertEquals(journal.countOn("gemini", utc), 0);
});

Deno.test("Journal goes on counting after a clear", () => {
  const journal = createJournal({ clock: createManualClock() });
  journal.open(SEARCH);
  journal.clear();
  assertEquals(journal.count(), 0);
  assertEquals(journal.open(SEARCH).seq, 2);
});

Deno.test("Journal writes each entry once, the unfinished ones when it closes", async () => {
  const file = await Deno.makeTempFile();
  try {
    const journal = createJournal({ clock: createManualClock(), file });
    const finished = journal.open(SEARCH);
    journal.open(ASK);
    finished.status = 200;
    finished.answered = true;
    journal.finish(finished);
    journal.close();
    journal.finish(finished);
    const lines = (await Deno.readTextFile(file)).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    assertEquals(lines.map(({ seq, status, answered }) => [seq, status, answered]), [
      [1, 200, true],
      [2, null, false],
    ]);
  } finally {
    await Deno.remove(file);
  }
});

import { assertEquals, assertGreater } from "@std/assert";
import type { Database } from "../../src/database/connection/connection.ts";
import type { Month } from "../../src/domain/months/month.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { assertSame, runDisturbed } from "../support/months/disturbed_months.ts";
import {
  type StatementFault,
  StatementFaults,
  type WireTrouble,
} from "../support/database_faults/statement_faults.ts";

/**
 * Set to `all`, every trouble befalls every statement, which takes half an hour. Otherwise each statement
 * is befallen once, on the embedded database every other.
 */
const WHICH = Deno.env.get("DATABASE_TROUBLES") ?? "some";

/** The database's trouble, by the classes of Postgres's appendix A; `!` where it ends the session. */
const SQLSTATES = [
  ...["08000!", "08001!", "08003!", "08006!", "08P01!"],
  ...["25001", "25006", "25P01", "25P02", "25P03!", "25P04!", "26000", "42P05"],
  ...["40000", "40001", "40003", "40P01", "55P03"],
  ...["53000", "53100", "53200", "53300!", "53400"],
  ...["57000", "57014", "57P01!", "57P02!", "57P03!", "57P05!"],
  ...["58000", "58030", "58P01", "XX000", "XX001", "XX002"],
];

const CUTS: readonly WireTrouble[] = [
  { kind: "cut", when: "before", how: "reset" },
  { kind: "cut", when: "after", how: "reset" },
  { kind: "cut", when: "before", how: "close" },
  { kind: "cut", when: "after", how: "close" },
];

/** Nobody listens, or whoever does has no place, is starting, or is a pooler without a server. */
const OUTAGES: readonly WireTrouble[] = [null, "53300", "57P03", "08006"].map((sqlstate) => ({
  kind: "outage",
  sqlstate,
  ms: 300,
}));

const ERRORS = SQLSTATES.map((code): WireTrouble => ({
  kind: "error",
  sqlstate: code.slice(0, 5),
  isFatal: code.endsWith("!"),
}));

const TROUBLES = {
  server: [...ERRORS, ...CUTS, ...OUTAGES],
  // It has no network; what can be lost is its one connection, which takes a second to come back.
  embedded: [...ERRORS.filter((error) => error.kind === "error" && !error.isFatal), ...CUTS],
} as const satisfies Record<Database["kind"], readonly WireTrouble[]>;

/** A statement that may be befallen: the how-manieth time it is carried out in a month. */
interface Stage {
  readonly statement: string;
  readonly skip: number;
}

/** Beginnings and ends of transactions that are befallen, of as many as a month has. */
const MOST_TRANSACTIONS = 10;

/** Every place in a month where the database is spoken to, as an undisturbed run tells it. */
function stagesOf(counts: readonly ReadonlyMap<string, number>[]): Stage[] {
  const statements = new Set(counts.flatMap((month) => [...month.keys()]));
  return [...statements].flatMap((statement) => {
    // Counted where it is least, so that a stage is met in nearly every month.
    const perMonth = counts.map((month) => month.get(statement) ?? 0).toSorted((a, b) => a - b);
    const usual = perMonth[Math.floor(perMonth.length / 4)]!;
    const most = /^(begin|commit)$/.test(statement) ? MOST_TRANSACTIONS : 2;
    const length = Math.min(usual, most);
    return Array.from({ length }, (_, index) => ({
      statement,
      skip: Math.floor(index * usual / length),
    }));
  });
}

/** Each stage with as many troubles, in turn, so that each trouble comes up about as often. */
function pairUp(
  stages: readonly Stage[],
  { troubles, perStage }: { troubles: readonly WireTrouble[]; perStage: number },
): StatementFault[] {
  return Array.from({ length: perStage }, (_, turn) =>
    stages.map((stage, index) => {
      const trouble = troubles[(turn * stages.length + turn + index) % troubles.length]!;
      return { ...stage, times: trouble.kind === "outage" ? 1 : 1 + index % 2, trouble };
    })).flat();
}

/** From here back the simulator's catalogue has books for every month. */
const LAST_YEAR = 2014;
/** The last are for what does not come to pass the first time. */
const SPARE_MONTHS = 8;

function monthsBack(count: number): Month[] {
  return Array.from({ length: count }, (_, index) => ({
    year: LAST_YEAR - Math.floor(index / 12),
    month: 12 - index % 12,
  }));
}

/** Months in one run; all stages are met in any ten. */
const MONTHS = { server: 100, embedded: 56 } as const;

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `whatever befalls the database at whatever statement, the books are the same [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const faults = new StatementFaults();
      const months = monthsBack(MONTHS[kind]);
      const undisturbed = await runDisturbed(kind, { months, faults, queue: [] });
      const stages = stagesOf(undisturbed.counts.slice(1));
      assertGreater(stages.length, 60);
      const troubles = TROUBLES[kind];
      const queue = WHICH === "all"
        ? pairUp(stages, { troubles, perStage: troubles.length })
        : pairUp(stages, { troubles, perStage: 1 })
          .filter((_, index) => kind === "server" || index % 2 === 0);
      const perRun = MONTHS[kind] - SPARE_MONTHS;
      for (let start = 0; start < queue.length; start += perRun) {
        const part = queue.slice(start, start + perRun);
        const disturbed = await runDisturbed(kind, { months, faults, queue: part });
        assertSame(disturbed.snapshot, undisturbed.snapshot);
        assertEquals(disturbed.unfired, [], "every trouble has come to pass");
        // Outlasted where it was met: no attempt was spent, nor given back, nor lost.
        assertEquals(disturbed.interrupted, []);
      }
    },
  });
}

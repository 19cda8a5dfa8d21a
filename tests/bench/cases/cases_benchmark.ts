import { systemClock } from "../../../src/clock.ts";
import { AppError } from "../../../src/errors.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from "../benchmark.ts";
import { type CaseFigures, caseFigures, caseOutcomes } from "./case_figures.ts";
import { caseTable, failedCase, wholeCase } from "./case_report.ts";
import { ANSWER_ORDERS, type DecidedCase, runCases } from "./case_run.ts";
import { type MatchCase, readMatchCases, SHIPPED_CASES } from "./match_case.ts";

/** What the sure cases are held to, by the worst of all orders of answers. */
const TARGETS = {
  sure_wrong: "0",
  sure_unanswered: "≤ 0.05",
} as const;

const MAX_UNANSWERED = 0.05;

/** Questions that hurt, each with all that the providers know of it, in every order of answers. */
export const casesBenchmark: Benchmark = {
  name: "cases",
  about: "titles that tempt to a wrong ISBN, each with its own records, in every order of answers",
  data: "file",
  async run(options): Promise<BenchmarkResult> {
    const { data, say, case_id } = options;
    const cases = chosenCases(await readMatchCases(data ?? SHIPPED_CASES), options);
    const start = systemClock.monotonicMs();
    const decided: DecidedCase[] = [];
    for (const order of ANSWER_ORDERS) decided.push(...await runCases(cases, { order }));
    const seconds = (systemClock.monotonicMs() - start) / 1000;
    const figures = caseFigures(decided);
    for (const outcome of caseOutcomes(decided)) {
      for (const line of case_id === null ? failedCase(outcome) : wholeCase(outcome)) say(line);
    }
    say("");
    for (const line of caseTable(figures)) say(line);
    const missed = missedTargets(figures);
    for (const target of missed) say(`  missed: ${target} (wanted ${TARGETS[target]})`);
    say(`  ${cases.length} cases in ${ANSWER_ORDERS.length} orders in ${seconds.toFixed(1)} s`);
    return {
      bench: "cases",
      figures: { ...figures },
      targets: TARGETS,
      holds: missed.length === 0,
    };
  },
};

/** Throws `AppError` BAD_REQUEST when none is left. */
function chosenCases(
  cases: readonly MatchCase[],
  { case_id, kind }: Pick<BenchmarkOptions, "case_id" | "kind">,
): MatchCase[] {
  const wanted = kind?.toLowerCase() ?? "";
  const chosen = cases.filter((one) =>
    (case_id === null || one.id === case_id) && one.kind.toLowerCase().includes(wanted)
  );
  if (chosen.length > 0) return chosen;
  const asked = [case_id === null ? [] : `the id "${case_id}"`, kind === null ? [] : `"${kind}"`];
  throw new AppError("BAD_REQUEST", `No case has ${asked.flat().join(" and a kind with ")}`);
}

function missedTargets({ sure }: CaseFigures): (keyof typeof TARGETS)[] {
  const isMet: Readonly<Record<keyof typeof TARGETS, boolean>> = {
    sure_wrong: sure.wrong === 0,
    sure_unanswered: sure.refused + sure.ambiguous <= MAX_UNANSWERED * sure.cases,
  };
  return (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).filter((target) => !isMet[target]);
}

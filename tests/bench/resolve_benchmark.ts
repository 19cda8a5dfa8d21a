import { systemClock } from "../../src/clock.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import {
  type Baseline,
  calibre,
  firstHit,
  levenshtein,
  openLibraryPoints,
  readarr,
} from "./baselines.ts";
import type { Benchmark, BenchmarkResult } from "./benchmark.ts";
import { resolveFigures } from "./resolve_figures.ts";
import { isAnswerable, readResolveQuestions, SHIPPED_DATA } from "./resolve_queries.ts";
import { checkBatches, resolveAll, type ResolvedQuery } from "./resolve_run.ts";
import { missedTargets, TARGETS } from "./resolve_targets.ts";
import { resolveTable } from "./resolve_table.ts";
import { simulatedResolvers } from "./simulated_resolvers.ts";

/** Questions under way at once; more only makes them wait for each other. */
const CONCURRENCY = 16;

/**
 * Every question of the benchmark through the production clients and the default cascade against the
 * simulator, beside other ways to choose from all that the same providers know.
 */
export const resolveBenchmark: Benchmark = {
  name: "resolve",
  about: "titles and authors to ISBNs, beside five other ways to choose among the same records",
  data: "directory",
  async run({ data, say }): Promise<BenchmarkResult> {
    const dir = data ?? SHIPPED_DATA;
    const questions = await readResolveQuestions(dir);
    const simulator = await startSimulator({
      clock: systemClock,
      isPrepared: true,
      added: questions.added,
      ...(data === null ? {} : { dataDir: data }),
    });
    try {
      const start = systemClock.monotonicMs();
      const tiers = simulatedResolvers(simulator, CONCURRENCY);
      const resolved = await resolveAll({
        questions,
        tiers,
        baselines: BASELINES,
        concurrency: CONCURRENCY,
      });
      const seconds = (systemClock.monotonicMs() - start) / 1000;
      const figures = resolveFigures(resolved, {
        baselines: Object.keys(BASELINES),
        batches: await checkBatches(resolved, tiers),
      });
      for (const line of resolveTable(figures)) say(line);
      for (const line of wrongAnswers(resolved)) say(line);
      const missed = missedTargets(figures, questions);
      for (const target of missed) say(`  missed: ${target}`);
      say(`  ${resolved.length} questions in ${seconds.toFixed(1)} s`);
      return {
        bench: "resolve",
        figures: { ...figures },
        targets: TARGETS,
        holds: missed.length === 0,
      };
    } finally {
      await simulator.close();
    }
  },
};

/** The year up to which Readarr counts; that of the newest data, so that figures don't age. */
const THIS_YEAR = 2025;

const BASELINES: Readonly<Record<string, Baseline>> = {
  first_hit: firstHit,
  levenshtein,
  open_library_875: openLibraryPoints,
  readarr: readarr(THIS_YEAR),
  calibre,
};

/** Wrong answers are few and each is worth a look. */
function wrongAnswers(resolved: readonly ResolvedQuery[]): string[] {
  return resolved.filter(({ verdict }) => verdict === "wrong").map(({ query, isbn13 }) => {
    const { title, author, year } = query.query;
    const wanted = isAnswerable(query) ? query.all_isbn13.join(" or ") : "nothing";
    return `  wrong: ${title} by ${author} (${year}): found ${isbn13}, wanted ${wanted}`;
  });
}

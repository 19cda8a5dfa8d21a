/** `deno task bench [name …] [--json] [--data PATH]`: measurements, most with their comparison. */
import { parseArgs } from "node:util";
import { AppError } from "../../src/errors.ts";
import { exitOnError, writeError, writeLine } from "../../src/cli/exit_on_error.ts";
import type { Benchmark, BenchmarkOptions } from "./benchmark.ts";
import { casesBenchmark } from "./cases/cases_benchmark.ts";
import { pipelineBenchmark } from "./pipeline_benchmark.ts";
import { resolveBenchmark } from "./resolve_benchmark.ts";

const BENCHMARKS: readonly Benchmark[] = [pipelineBenchmark, resolveBenchmark, casesBenchmark];
const HELP = `deno task bench [name …]; without a name, all
${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join("\n")}

  --json             only the results, one JSON object on a line
  --data PATH        other data than the shipped ones, for one benchmark; resolve: a directory with
                     benchmark_dev.jsonl, catalogue.jsonl and editions.jsonl; cases: a file
  --case ID          cases: only this one, with its records and what was made of them
  --kind TEXT        cases: only those whose kind contains the text`;

await exitOnError(async () => {
  const { names, isJson, ...options } = readArguments();
  const chosen = names.length === 0 ? BENCHMARKS : names.map(benchmarkNamed);
  checkOptions(options, chosen);
  let isMet = true;
  for (const benchmark of chosen) {
    if (!isJson) writeLine(`\n${benchmark.name}: ${benchmark.about}`);
    const result = await benchmark.run({ ...options, say: isJson ? () => {} : writeLine });
    writeLine(JSON.stringify(result));
    if (result.holds === false) isMet = false;
  }
  if (!isMet) writeError("A target was missed");
  Deno.exit(isMet ? 0 : 1);
});

interface Arguments extends Omit<BenchmarkOptions, "say"> {
  readonly names: readonly string[];
  readonly isJson: boolean;
}

function readArguments(): Arguments {
  try {
    const { positionals, values } = parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        data: { type: "string" },
        case: { type: "string" },
        kind: { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help === true) {
      writeLine(HELP);
      Deno.exit(0);
    }
    return {
      names: positionals,
      isJson: values.json === true,
      data: values.data ?? null,
      case_id: values.case ?? null,
      kind: values.kind ?? null,
    };
  } catch (cause) {
    throw new AppError(
      "BAD_REQUEST",
      `${cause instanceof Error ? cause.message.split(". ")[0] : cause}\n\n${HELP}`,
      { cause },
    );
  }
}

function benchmarkNamed(name: string): Benchmark {
  const benchmark = BENCHMARKS.find((one) => one.name === name);
  if (benchmark) return benchmark;
  throw new AppError(
    "BAD_REQUEST",
    `No benchmark is named "${name}": there are ${BENCHMARKS.map((one) => one.name).join(", ")}`,
  );
}

/** Throws `AppError` BAD_REQUEST for an option that the chosen benchmarks cannot use. */
function checkOptions(
  { data, case_id, kind }: Omit<BenchmarkOptions, "say">,
  chosen: readonly Benchmark[],
): void {
  const readers = chosen.filter((one) => one.data !== null);
  if (data !== null && readers.length !== 1) {
    throw new AppError("BAD_REQUEST", "--data is for one benchmark that reads data: name it");
  }
  if ((case_id !== null || kind !== null) && !chosen.includes(casesBenchmark)) {
    throw new AppError("BAD_REQUEST", "--case and --kind are for the benchmark named cases");
  }
}

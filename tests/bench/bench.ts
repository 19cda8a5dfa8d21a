/** `deno task bench [name …] [--json] [--long] [--data DIR]`: measurements, each with its comparison. */
import { parseArgs } from "node:util";
import { AppError } from "../../src/errors.ts";
import { exitOnError, writeError, writeLine } from "../../src/cli/exit_on_error.ts";
import type { Benchmark, BenchmarkOptions } from "./benchmark.ts";
import { pipelineBenchmark } from "./pipeline_benchmark.ts";
import { resolveBenchmark } from "./resolve_benchmark.ts";

const BENCHMARKS: readonly Benchmark[] = [pipelineBenchmark, resolveBenchmark];

await exitOnError(async () => {
  const { names, isJson, ...options } = readArguments();
  const chosen = names.length === 0 ? BENCHMARKS : names.map(benchmarkNamed);
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
        long: { type: "boolean" },
        data: { type: "string" },
      },
    });
    return {
      names: positionals,
      isJson: values.json === true,
      isLong: values.long === true,
      dataDir: values.data ?? null,
    };
  } catch (cause) {
    throw new AppError(
      "BAD_REQUEST",
      `${
        cause instanceof Error ? cause.message : cause
      }\nUse deno task bench [name …] [--json] [--long] [--data DIR]`,
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

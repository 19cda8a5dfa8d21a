/** What every benchmark prints as its last line. */
export interface BenchmarkResult {
  readonly bench: string;
  readonly figures: Readonly<Record<string, unknown>>;
  /** Each target as people say it, such as "≤ 4". */
  readonly targets: Readonly<Record<string, string>>;
  /** Whether all targets were met; null when something needed for that is missing. */
  readonly holds: boolean | null;
}

/** One benchmark: measures its comparison in the same run, so that only ratios need be believed. */
export interface Benchmark {
  readonly name: string;
  readonly about: string;
  /** What `--data` names for it; null when it reads no data. */
  readonly data: "directory" | "file" | null;
  /** Prints rows for people through `say`; returns the figures. */
  run(options: BenchmarkOptions): Promise<BenchmarkResult>;
}

export interface BenchmarkOptions {
  /** Other data than the shipped ones, for benchmarks that read any; null for none. */
  readonly data: string | null;
  /** Of a benchmark of cases, only the one with this id, in full; null for all. */
  readonly case_id: string | null;
  /** Of a benchmark of cases, only those whose kind contains this text; null for all. */
  readonly kind: string | null;
  readonly say: (line: string) => void;
}

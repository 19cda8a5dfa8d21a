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
  /** Prints rows for people through `say`; returns the figures. */
  run(options: BenchmarkOptions): Promise<BenchmarkResult>;
}

export interface BenchmarkOptions {
  /** Another data directory than the shipped one, for benchmarks that read one; null for none. */
  readonly dataDir: string | null;
  readonly say: (line: string) => void;
}

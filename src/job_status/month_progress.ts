/** What is going on with a month, for people who watch. */
export interface MonthProgress {
  readonly status: "processing" | "enriching" | "complete" | "failed";
  /** A sentence. */
  readonly progress: string;
  readonly stats?: Readonly<Record<string, number | null>>;
  readonly error?: string;
}

/** To the millionth of a dollar, which is what the ledger holds. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1_000_000) / 1_000_000;
}

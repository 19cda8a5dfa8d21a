/**
 * SQLSTATE classes of what a row itself is refused for: a value no column can hold (22), a rule it
 * breaks (23), a size beyond the database's limits (54).
 */
const REFUSED = /^(?:22|23|54)[0-9A-Z]{3}$/;

/** Whether the database refused what it was to store, rather than to work at all. */
export function isRefusedRecord(error: unknown): error is Error {
  return error instanceof Error && "code" in error && REFUSED.test(String(error.code));
}

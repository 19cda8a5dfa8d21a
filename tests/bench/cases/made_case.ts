import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import type { CaseRecord, MatchCase } from "./match_case.ts";

export const ISBN = "9781402894626";
export const OTHER_ISBN = "9781402894633";
/** Its check digit is wrong. */
export const WRONG_ISBN = "9781402894627";

/** What a provider knows of "The Salt Ledger", with other fields on top. */
export function madeRecord(
  provider: ResolverName,
  fields: Partial<CaseRecord> = {},
): CaseRecord {
  return {
    provider,
    title: "The Salt Ledger",
    subtitle: null,
    authors: ["Mara Quill"],
    year: "2012",
    isbn13: ISBN,
    isbns: [],
    language: null,
    binding: null,
    publisher: null,
    pages: null,
    work: null,
    work_title: null,
    work_year: null,
    ...fields,
  };
}

/** A case that asks for it. */
export function madeCase(
  records: readonly CaseRecord[],
  fields: Partial<Omit<MatchCase, "records">> = {},
): MatchCase {
  return {
    id: "made",
    kind: "control",
    query: { title: "The Salt Ledger", author: "Mara Quill", year: 2012, month: null },
    records: [...records],
    expected: [ISBN],
    sure: true,
    note: null,
    ...fields,
  };
}

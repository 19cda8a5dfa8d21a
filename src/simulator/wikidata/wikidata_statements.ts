/** A value of a statement. */
export type WikidataValue =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "item"; readonly id: string }
  | { readonly kind: "title"; readonly text: string; readonly language: string }
  | { readonly kind: "amount"; readonly amount: number }
  /** YYYY, YYYY-MM or YYYY-MM-DD: its length is its precision. */
  | { readonly kind: "date"; readonly date: string }
  /** Known to exist, but not what it is. */
  | { readonly kind: "somevalue" }
  /** Known not to exist. */
  | { readonly kind: "novalue" };

/** One statement of an item. */
export interface WikidataStatement {
  readonly property: string;
  readonly value: WikidataValue;
  readonly rank: "preferred" | "normal" | "deprecated";
  /** The object's name as it stands on the subject (the qualifier P1932). */
  readonly statedAs?: string;
}

/** An item: a book as a work, an edition, a person, a publisher or a language. */
export interface WikidataItem {
  readonly id: string;
  /** By language; `mul` holds for all of them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly descriptions: Readonly<Record<string, string>>;
  readonly statements: readonly WikidataStatement[];
  /** Articles about it in Wikipedias and their sisters. */
  readonly sitelinks: number;
}

/** A statement of normal rank. */
export function statement(property: string, value: WikidataValue): WikidataStatement {
  return { property, value, rank: "normal" };
}

/** Statements that say the same with each of the texts. */
export function texts(property: string, values: readonly string[]): WikidataStatement[] {
  return values.map((text) => statement(property, { kind: "string", text }));
}

/** Statements that link to items. */
export function links(property: string, ids: readonly string[]): WikidataStatement[] {
  return ids.map((id) => statement(property, { kind: "item", id }));
}

/** Wikidata's numbers for precisions: 9 a year, 10 a month, 11 a day. */
export function precisionOf(date: string): 9 | 10 | 11 {
  return date.length === 4 ? 9 : date.length === 7 ? 10 : 11;
}

/**
 * The statements queries see as true: those of preferred rank where a property has any, else those of
 * normal rank; never deprecated ones.
 */
export function truthy(statements: readonly WikidataStatement[]): readonly WikidataStatement[] {
  const hasPreferred = new Set(
    statements.filter(({ rank }) => rank === "preferred").map(({ property }) => property),
  );
  return statements.filter(({ property, rank }) =>
    rank === (hasPreferred.has(property) ? "preferred" : "normal")
  );
}

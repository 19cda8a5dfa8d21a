/**
 * The wordings that can be asked, oldest first. A version goes up whenever the wording or the schema
 * changes: an answer to another wording is the answer to another question, and remembered as such. Older
 * ones stay as they were asked, so that an experiment can tell whether the newer one is better.
 */
export const PROMPT_VERSIONS = ["1", "2"] as const;

export type PromptVersion = (typeof PROMPT_VERSIONS)[number];

/** What months are asked with. */
export const PROMPT_VERSION: PromptVersion = "2";

/** A JSON Schema of a field of a book. */
interface FieldSchema {
  readonly type: "string" | readonly ["integer" | "string", "null"];
  readonly description: string;
}

/**
 * The form of an answer to this version's question, in the strictest common JSON Schema the providers
 * accept: object at the root, every property required, "optional" as a union with null, nothing
 * undeclared, no bounds and no formats, which several of them refuse. Counts and lengths are checked by
 * {@linkcode parseBookList}.
 */
export function bookListSchema(version: PromptVersion) {
  const { properties } = VERSIONED_WORDING[version];
  return {
    type: "object",
    additionalProperties: false,
    required: ["books"],
    properties: {
      books: {
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          required: Object.keys(properties),
          properties,
        },
      },
    },
  } as const;
}

const AUTHOR: FieldSchema = {
  type: "string",
  description: "Full name; several separated by a semicolon",
};
const MONTH: FieldSchema = {
  type: ["integer", "null"],
  description: "Month of first publication, 1 to 12; null when not known",
};

/** What of a question differs from one version to the next. */
interface VersionedWording {
  /** The fields asked for, up to "… of" before the year. */
  readonly fields: string;
  /** What belongs into the title and what does not, with the space before it. */
  readonly title_rule: string;
  /** The form of the answer. */
  readonly example: string;
  readonly properties: Readonly<Record<string, FieldSchema>>;
}

export const VERSIONED_WORDING: Readonly<Record<PromptVersion, VersionedWording>> = {
  "1": {
    fields: "its title, its author and the month (1 to 12) of",
    title_rule: "",
    example: '{"books": [{"title": "…", "author": "…", "month": 1}]}',
    properties: {
      title: {
        type: "string",
        description: "Title as on the title page, subtitle after a colon, no series",
      },
      author: AUTHOR,
      month: MONTH,
    },
  },
  "2": {
    fields:
      "its title, its author, its series and its number in the series if it has them, and the " +
      "month (1 to 12) of",
    title_rule:
      " The title is the volume's own title as on its title page, with its subtitle after a " +
      "colon, but without the series and the number: these go into fields of their own, and are null " +
      "for a book that belongs to no series.",
    example:
      '{"books": [{"title": "…", "author": "…", "month": 1, "series": null, "number": null}]}',
    properties: {
      title: {
        type: "string",
        description: "The volume's own title, subtitle after a colon, without series and number",
      },
      author: AUTHOR,
      month: MONTH,
      series: {
        type: ["string", "null"],
        description: "Name of the series the book belongs to; null when it belongs to none",
      },
      number: {
        type: ["string", "null"],
        description: "Its number in that series in digits, such as 3 or 4.5; null when it has none",
      },
    },
  },
};

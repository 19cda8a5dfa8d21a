import { z } from "zod";
import { contenderSchema } from "../domain/experiments/experiment_result.ts";
import { CHECK_STATES } from "../domain/isbns/isbn_check.ts";
import { MONTH_FITS } from "../domain/months/month_fit.ts";
import { momentSchema } from "../domain/time/moment.ts";
import { explainBook } from "../stats/explain_book.ts";
import { type DatabaseContext, defineRoute } from "./requests/route.ts";

const dateSchema = z.object({
  year: z.number(),
  month: z.number().nullable(),
  day: z.number().nullable(),
}).nullable();

const monthSchema = z.object({ year: z.number(), month: z.number() });

const editionSchema = z.object({
  isbn13: z.string().nullable(),
  title: z.string(),
  subtitle: z.string().nullable(),
  published: dateSchema,
  language: z.string().nullable(),
  binding: z.string().nullable(),
  publisher: z.string().nullable(),
  pages: z.number().nullable(),
});

const recordSchema = z.object({
  provider: z.string(),
  provider_key: z.string(),
  title: z.string(),
  subtitle: z.string().nullable(),
  authors: z.array(z.string()).readonly(),
  first_published: dateSchema,
  popularity: z.number().nullable(),
  editions: z.array(editionSchema).readonly(),
});

const consideredSchema = z.object({
  provider: z.string(),
  provider_key: z.string(),
  title: z.string(),
  authors: z.array(z.string()).readonly(),
  score: z.number(),
  parts: z.object({
    title: z.number(),
    author: z.number(),
    year: z.number(),
    edition: z.number(),
    agreement: z.number(),
  }),
  verdict: z.string(),
});

const considered = z.array(consideredSchema).readonly();

const decisionSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("found"),
    isbn13: z.string(),
    edition: editionSchema,
    work: recordSchema,
    score: z.number(),
    providers: z.array(z.string()).readonly(),
    considered,
  }),
  z.object({ kind: z.literal("ambiguous"), reason: z.string(), considered }),
  z.object({ kind: z.literal("not_found"), considered }),
]);

const evidenceSchema = z.object({
  provider: z.string(),
  works: z.array(recordSchema).readonly(),
  asked_at: momentSchema,
});

const resolutionSchema = z.object({
  key: z.string(),
  made: z.object({
    key: z.string(),
    verdict: z.string(),
    isbn13: z.string().nullable(),
    decision: decisionSchema,
    title: z.string(),
    author: z.string(),
    series: z.string().nullable(),
    number: z.string().nullable(),
    year: z.number(),
    decided_at: momentSchema,
    expires_at: momentSchema,
    check_state: z.enum(CHECK_STATES),
    check_waits_since: momentSchema.nullable(),
  }).nullable(),
  evidence: z.array(evidenceSchema).readonly(),
});

const namingSchema = monthSchema.extend({
  position: z.number(),
  title: z.string(),
  author: z.string(),
  series: z.string().nullable(),
  number: z.string().nullable(),
  named_by: z.array(z.string()).readonly(),
  resolution_key: z.string(),
  verdict: z.string(),
  isbn13: z.string().nullable(),
  work_id: z.number().nullable(),
  placement: z.string(),
  month_fit: z.enum(MONTH_FITS),
  unheard: z.array(z.string()).readonly(),
});

const questionSchema = monthSchema.extend({
  ...contenderSchema.shape,
  isbn13: z.string(),
  experiment_ids: z.array(z.number()).readonly(),
  found_at: momentSchema,
  is_storing: z.boolean(),
});

const workSchema = z.object({
  work_id: z.number(),
  title: z.string(),
  subtitle: z.string().nullable(),
  authors: z.array(z.string()).readonly(),
  first_published: dateSchema,
  is_synthetic: z.boolean(),
  completeness: z.number(),
  isbns: z.array(z.string()).readonly(),
});

const bookSchema = z.object({
  edition: editionSchema.extend({
    isbn13: z.string(),
    work_id: z.number(),
    resolution_key: z.string(),
    score: z.number(),
    stored_for: monthSchema.nullable(),
    check_state: z.enum(CHECK_STATES),
    check_waits_since: momentSchema.nullable(),
  }).nullable(),
  work: workSchema.nullable(),
  namings: z.array(namingSchema).readonly(),
  questions: z.array(questionSchema).readonly(),
  resolutions: z.array(resolutionSchema).readonly(),
});

/** `GET /explain?about=…`: why a book has its ISBN, or has none. */
export const explainRoute = defineRoute({
  path: "/explain",
  params: z.object({ about: z.string().default("") }),
  answer: z.object({ books: z.array(bookSchema).readonly() }),
  examples: [{ params: { about: "2012-12" } }],
  handle: async ({ database: { sql } }: DatabaseContext, { params: { about } }) => ({
    books: await explainBook(sql, about),
  }),
});

export type ShownBook = Readonly<z.infer<typeof bookSchema>>;
export type ShownNaming = Readonly<z.infer<typeof namingSchema>>;
export type ShownQuestion = Readonly<z.infer<typeof questionSchema>>;
export type ShownResolution = Readonly<z.infer<typeof resolutionSchema>>;
export type ShownEvidence = Readonly<z.infer<typeof evidenceSchema>>;
export type ShownDecision = Readonly<z.infer<typeof decisionSchema>>;
export type ConsideredRecord = Readonly<z.infer<typeof consideredSchema>>;
export type ShownRecord = Readonly<z.infer<typeof recordSchema>>;
export type ShownEdition = Readonly<z.infer<typeof editionSchema>>;

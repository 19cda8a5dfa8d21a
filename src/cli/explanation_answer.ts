import { z } from "zod";
import { contenderSchema } from "../domain/experiments/experiment_result.ts";
import { CHECK_STATES } from "../domain/matching/isbn_check.ts";
import { momentSchema } from "../domain/time/moment.ts";
import { MONTH_FITS } from "../domain/months/month_fit.ts";

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
  provider_key: z.string(),
  title: z.string(),
  subtitle: z.string().nullable(),
  authors: z.array(z.string()).readonly(),
  first_published: dateSchema,
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
    decision: decisionSchema,
    title: z.string(),
    author: z.string(),
    year: z.number(),
    decided_at: momentSchema,
    expires_at: momentSchema,
    check_state: z.enum(CHECK_STATES),
    check_waits_since: momentSchema.nullable(),
  }).nullable(),
  evidence: z.array(evidenceSchema).readonly(),
});

const namingSchema = monthSchema.extend({
  title: z.string(),
  author: z.string(),
  named_by: z.array(z.string()).readonly(),
  verdict: z.string(),
  isbn13: z.string().nullable(),
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

/** The answer of the service to `explain`, as far as people are shown it. */
export const explanationAnswerSchema = z.object({ books: z.array(bookSchema).readonly() });

export type ShownBook = Readonly<z.infer<typeof bookSchema>>;
export type ShownNaming = Readonly<z.infer<typeof namingSchema>>;
export type ShownQuestion = Readonly<z.infer<typeof questionSchema>>;
export type ShownResolution = Readonly<z.infer<typeof resolutionSchema>>;
export type ShownEvidence = Readonly<z.infer<typeof evidenceSchema>>;
export type ShownDecision = Readonly<z.infer<typeof decisionSchema>>;
export type ConsideredRecord = Readonly<z.infer<typeof consideredSchema>>;
export type ShownRecord = Readonly<z.infer<typeof recordSchema>>;
export type ShownEdition = Readonly<z.infer<typeof editionSchema>>;

import { z } from "zod";

const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  thinking: z.number(),
});

const querySchema = z.object({
  title: z.string(),
  author: z.string(),
  year: z.number(),
  month: z.number().nullable(),
  language: z.string(),
});

/** How a client is brought to ask for the reply. */
const clientSchema = z.discriminatedUnion("c", [
  z.strictObject({ c: z.literal("gemini") }),
  z.strictObject({ c: z.literal("openai_compatible") }),
  z.strictObject({ c: z.literal("xai"), api: z.enum(["chat_completions", "responses"]) }),
  ...(["open_library", "google_books", "archive_org", "isbndb", "wikidata"] as const).map((name) =>
    z.strictObject({
      c: z.literal(name),
      method: z.enum(["find", "checkIsbns", "select"]),
      query: querySchema,
      /** Of `checkIsbns`. */
      isbns: z.array(z.string()).optional(),
      /** The reply answers the second request; what the others are answered with is beside it. */
      serve: z.enum(["editions", "wikidata"]).optional(),
      search: z.unknown().optional(),
      people: z.unknown().optional(),
    })
  ),
]);

/** What a right client makes of the reply; a field that is missing is not looked at. */
const checkSchema = z.strictObject({
  /** Of a model's answer. */
  finish: z.string().optional(),
  text: z.string().optional(),
  tokens: tokensSchema.optional(),
  /** The code of the `AppError`. */
  error: z.string().optional(),
  /** Nothing more is sent for a while, … */
  held: z.literal(true).optional(),
  /** … for so many seconds at least. */
  hold_min_s: z.number().optional(),
  /** Of a catalogue's answer. */
  kind: z.enum(["candidates", "not_found", "unavailable", "editions", "rows", "error"]).optional(),
  reason: z.string().optional(),
  until: z.literal(true).optional(),
  works: z.number().optional(),
  works_min: z.number().optional(),
  works_max: z.number().optional(),
  titles: z.array(z.string()).optional(),
  isbns: z.array(z.string()).optional(),
  isbns_has: z.array(z.string()).optional(),
  /** Of editions: ISBNs among them, and how many there are at least. */
  has: z.array(z.string()).optional(),
  n_isbn_min: z.number().optional(),
  /** Of the rows of a query. */
  n: z.number().optional(),
  /** Requests sent until the client gave up. */
  calls_min: z.number().optional(),
  calls_max: z.number().optional(),
  /** A field that the second request holds. */
  second_body_has: z.string().optional(),
});

const replySchema = z.object({
  file: z.string(),
  http_status: z.number(),
  content_type: z.string(),
  headers: z.record(z.string(), z.string()),
  what_is_special: z.string(),
  check: checkSchema,
  client: clientSchema,
});

export type ReplyCheck = z.infer<typeof checkSchema>;
export type ReplyClient = z.infer<typeof clientSchema>;

/** A reply of an outside service as it went over the wire, and what a right client makes of it. */
export interface RecordedReply extends z.infer<typeof replySchema> {
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a folder of recorded replies: `index.jsonl`, one reply a line, beside the bodies it names.
 * Throws when a line says something that no check looks at, so that none passes by being misread.
 */
export async function readReplies(folder: URL): Promise<RecordedReply[]> {
  const lines = (await Deno.readTextFile(new URL("index.jsonl", folder))).split("\n")
    .filter((line) => line !== "");
  return await Promise.all(lines.map(async (line) => {
    const reply = replySchema.parse(JSON.parse(line));
    if (Object.keys(reply.check).length === 0) throw new Error(`${reply.file} checks nothing`);
    return { ...reply, body: await Deno.readFile(new URL(reply.file, folder)) };
  }));
}

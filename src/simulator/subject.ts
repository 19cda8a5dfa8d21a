/** The outside services that are simulated. */
export const ROOM_NAMES = [
  "gemini",
  "open_library",
  "isbndb",
  "google_books",
  "archive_org",
  "wikidata",
] as const;
/** The name of a room, which is also its path. */
export type RoomName = (typeof ROOM_NAMES)[number];

/** What a request is about, as far as its room can tell. */
export interface Subject {
  /** `YYYY-MM`, for generators. */
  readonly month?: string;
  /** For resolvers. */
  readonly query?: { title?: string; author?: string; isbns?: readonly string[] };
  /** What it takes of the service's allowance; 1 when absent. */
  readonly cost?: number;
}

/** A resolver's subject, of which only what was really asked remains. */
export function resolverSubject(asked: {
  title: string | undefined;
  author: string | undefined;
  isbns: readonly string[];
}): Subject {
  const { title, author, isbns } = asked;
  const query = {
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(isbns.length === 0 ? {} : { isbns }),
  };
  return Object.keys(query).length === 0 ? {} : { query };
}

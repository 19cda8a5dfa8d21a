/** What a request is about, as far as its service can tell. */
export interface RequestSubject {
  /** `YYYY-MM`, for generators. */
  readonly month?: string;
  /** The most tokens a model may answer with, thinking included. */
  readonly maxTokens?: number;
  /** For resolvers. */
  readonly query?: { title?: string; author?: string; isbns?: readonly string[] };
  /** What it takes of the service's allowance; 1 when absent. */
  readonly cost?: number;
  /** Seconds of lag beyond which the caller of a wiki asks to be sent away. */
  readonly maxLag?: number;
}

/** A resolver's subject, of which only what was really asked remains. */
export function resolverSubject(asked: {
  title: string | undefined;
  author: string | undefined;
  isbns: readonly string[];
}): RequestSubject {
  const { title, author, isbns } = asked;
  const query = {
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(isbns.length === 0 ? {} : { isbns }),
  };
  return Object.keys(query).length === 0 ? {} : { query };
}

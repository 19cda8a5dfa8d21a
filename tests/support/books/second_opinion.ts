import { type Arrived, type FixtureServer, serveFixtures } from "../../providers/fixture_server.ts";

/** An ISBNdb that knows no book by its title, and of ISBNs what a test tells it. */
export interface SecondOpinion extends AsyncDisposable {
  readonly url: string;
  /** The ISBNs of each batch, in the order they came. */
  readonly asked: readonly (readonly string[])[];
  /** ISBNs it knows as those of another book; all others are unknown to it. */
  readonly disowned: Set<string>;
  /** How it answers batches: with what it knows, not at all, or when `release` is called. */
  mode: "answers" | "fails" | "is spent" | "holds";
  /** Resolves when so many batches have come. */
  arrived(count: number): Promise<void>;
  /** Answers what is held, and from now on. */
  release(): void;
}

/** The book that every disowned ISBN is said to belong to. */
export const OTHER_BOOK = { title: "Winter Arithmetic for Beginners", authors: ["Tomas Breck"] };

/** Starts it on a free port of the loopback. */
export function startSecondOpinion(): SecondOpinion {
  const asked: string[][] = [];
  const disowned = new Set<string>();
  const waiting: { count: number; done: () => void }[] = [];
  let gate = Promise.withResolvers<void>();
  const opinion = { mode: "answers" as SecondOpinion["mode"] };

  async function answer({ method, path, body }: Arrived): Promise<Response> {
    if (path.startsWith("/key")) {
      return Response.json({ plan_limit: { total: 15_000, spent: 0, left: 15_000 } });
    }
    if (method !== "POST") return Response.json({ message: "Not Found" }, { status: 404 });
    const { isbns } = JSON.parse(body) as { isbns: string[] };
    asked.push(isbns);
    waiting.filter(({ count }) => count <= asked.length).forEach(({ done }) => done());
    if (opinion.mode === "fails") return new Response("no", { status: 503 });
    if (opinion.mode === "is spent") {
      return Response.json({ message: "Daily limit exceeded" }, { status: 429 });
    }
    if (opinion.mode === "holds") await gate.promise;
    const data = isbns.filter((isbn) => disowned.has(isbn))
      .map((isbn13) => ({ ...OTHER_BOOK, isbn13, isbn: isbn13, date_published: "2001" }));
    return Response.json({ total: data.length, requested: isbns.length, data });
  }

  const server: FixtureServer = serveFixtures(answer);
  return {
    url: server.url,
    asked,
    disowned,
    get mode() {
      return opinion.mode;
    },
    set mode(mode) {
      opinion.mode = mode;
    },
    async arrived(count) {
      if (asked.length >= count) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ count, done: resolve });
      await promise;
    },
    release() {
      opinion.mode = "answers";
      gate.resolve();
      gate = Promise.withResolvers();
    },
    async [Symbol.asyncDispose]() {
      gate.resolve();
      await server[Symbol.asyncDispose]();
    },
  };
}

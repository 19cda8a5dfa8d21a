import { assert, assertEquals } from "@std/assert";
import { AppError } from "../../src/errors.ts";
import { type Answer, type FixtureServer, serveFixtures } from "../providers/fixture_server.ts";
import { askClient, type AskedClient, type Understood } from "./ask_client.ts";
import type { RecordedReply, ReplyCheck } from "./read_replies.ts";

/** Serves the reply to whatever its client asks, and compares what the client makes of it. */
export async function replay(reply: RecordedReply): Promise<void> {
  await using server = serveFixtures(...answersOf(reply));
  const client = askClient(reply.client, server.url);
  const result = await resultOf(client);
  const { check } = reply;
  const calls = server.arrived.length;
  if (check.calls_min !== undefined) assert(calls >= check.calls_min, `${calls} requests`);
  if (check.calls_max !== undefined) assert(calls <= check.calls_max, `${calls} requests`);
  if (check.second_body_has !== undefined) {
    assert(check.second_body_has in JSON.parse(server.arrived[1]?.body ?? "{}"), "second request");
  }
  if (check.error !== undefined) {
    assert(result instanceof AppError, `no error, but ${JSON.stringify(result)}`);
    assertEquals(result.code, check.error, result.message);
    await compareHold(check, { error: result, client, server });
  } else if (result instanceof AppError) throw result;
  else compare(check, result);
}

async function resultOf({ ask }: AskedClient): Promise<Understood | AppError> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function answersOf({ body, http_status, content_type, headers, client }: RecordedReply): Answer[] {
  const reply = new Response(body, {
    status: http_status,
    headers: { ...headers, "content-type": content_type },
  });
  if (!("query" in client)) return [reply];
  if (client.serve === "wikidata") {
    return [Response.json(client.search), reply, Response.json(client.people)];
  }
  if (client.serve === "editions") {
    const { title, author, year } = client.query;
    const work = { key: "/works/OL1W", title, author_name: [author], first_publish_year: year };
    return [Response.json({ numFound: 1, docs: [work] }), reply];
  }
  return [({ path }) => isEditionsList(path) ? NO_EDITIONS.clone() : reply.clone()];
}

/** What a search is followed by where its works bring no ISBN, and which no recorded search answers. */
function isEditionsList(path: string): boolean {
  return /^\/works\/\w+\/editions\.json/.test(path);
}

const NO_EDITIONS = Response.json({ size: 0, entries: [] });

/** A client that is held back says until when, and sends nothing when it is asked again. */
async function compareHold(
  check: ReplyCheck,
  { error, client, server }: { error: AppError; client: AskedClient; server: FixtureServer },
): Promise<void> {
  if (check.hold_min_s !== undefined) {
    const heldMs = (error.retryAt?.getTime() ?? 0) - client.now().getTime();
    assert(heldMs >= check.hold_min_s * 1000, `held for ${heldMs} ms: ${error.message}`);
  }
  if (check.held === undefined) return;
  const calls = server.arrived.length;
  const again = await resultOf(client);
  assert(again instanceof AppError, "asked again, it answers");
  assertEquals(server.arrived.length, calls, `not held: ${error.message}`);
}

function compare(check: ReplyCheck, result: Understood): void {
  switch (result.kind) {
    case "model": {
      const { finish, text, tokens } = result.answer;
      const found: Record<string, unknown> = { finish, text, tokens };
      const wanted = Object.entries(check);
      assertEquals(Object.fromEntries(wanted.map(([name]) => [name, found[name]])), check);
      return;
    }
    case "rows":
      assertEquals(check.kind, "rows");
      assertEquals(result.rows.length, check.n);
      return;
    case "catalogue":
      compareCatalogue(check, result.answer);
  }
}

function compareCatalogue(
  check: ReplyCheck,
  answer: Extract<Understood, { readonly kind: "catalogue" }>["answer"],
): void {
  const kind = check.kind === "editions" ? "candidates" : check.kind;
  assertEquals(answer.kind, kind, JSON.stringify(answer));
  if (answer.kind === "unavailable") {
    assertEquals(answer.reason, check.reason, answer.message);
    if (check.until) assert(answer.until !== null, "does not say until when");
  }
  if (answer.kind !== "candidates") return;
  const { works } = answer;
  const titles = works.map(({ title }) => title);
  const isbns = works.flatMap(({ editions }) => editions.flatMap(({ isbn13 }) => isbn13 ?? []));
  if (check.works !== undefined) assertEquals(works.length, check.works, titles.join(" | "));
  assert(works.length >= (check.works_min ?? 1), titles.join(" | "));
  assert(works.length <= (check.works_max ?? Infinity), titles.join(" | "));
  if (check.titles !== undefined) assertEquals(titles.toSorted(), check.titles.toSorted());
  if (check.isbns !== undefined) {
    assertEquals([...new Set(isbns)].toSorted(), check.isbns.toSorted());
  }
  for (const isbn of [...check.isbns_has ?? [], ...check.has ?? []]) {
    assert(isbns.includes(isbn), `${isbn} is not among ${isbns.join(", ")}`);
  }
  assert(new Set(isbns).size >= (check.n_isbn_min ?? 0), isbns.join(", "));
}

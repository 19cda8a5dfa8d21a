// About http/, generators/, resolvers/
import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { composeProviders } from "../../src/app/compose_providers.ts";
import { parseConfig } from "../../src/config.ts";
import { BOOK_LIST_SCHEMA, buildPrompt } from "../../src/domain/generation/prompt.ts";
import { PROVIDERS } from "../../src/domain/providers/provider_records.ts";
import { AppError } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { serveFixtures } from "./fixture_server.ts";
import { PLAIN } from "./odd_books.ts";

/** Those that want to know who asks. */
const OPEN: readonly string[] = ["open_library", "archive_org", "wikidata"];

databaseTest("every client names itself, to open services with the contact", async (database) => {
  await using server = serveFixtures(Response.json({ error: { message: "No" } }, { status: 400 }));
  const { CONTACT: contact = "", ...settings } = simulatorSettings(server.url);

  /** The names under which each service was asked. */
  async function namesWith(own: Readonly<Record<string, string>>) {
    const config = parseConfig({
      ALEXANDRIA_WEBHOOK_SECRET: "sixteen-letters!",
      ...settings,
      ...own,
    });
    const providers = composeProviders(config, { database, clock: systemClock, log: createLog() });
    const before = server.arrived.length;
    const context = { signal: new AbortController().signal, onCall() {} };
    const month = { year: 2012, month: 6 };
    for (const resolver of providers.resolvers.flat()) await resolver.find(PLAIN, context);
    await providers.checker?.checkIsbns(["9781402894626"], context);
    for (const generator of providers.generators) {
      const asked = generator.generate({
        month,
        max_books: 3,
        prompt: buildPrompt({ month, variant: "baseline", maxBooks: 3 }),
        answer_schema: BOOK_LIST_SCHEMA,
        max_output_tokens: 1_000,
      }, context);
      await asked.catch((error) => {
        if (!(error instanceof AppError)) throw error;
      });
    }
    const names = new Map<string, string>();
    for (const { path, headers } of server.arrived.slice(before)) {
      const service = path.split("/")[1]!;
      const name = headers.get("user-agent") ?? "";
      assertEquals(names.get(service) ?? name, name, path);
      names.set(service, name);
    }
    return Object.fromEntries([...names].toSorted());
  }

  const plain = Object.fromEntries(
    PROVIDERS.map(({ name }) => name).filter((name) => !OPEN.includes(name))
      .map((name) => [name, "AlexandriaBackfill/1.0"]),
  );
  const robot = "Mozilla/5.0 (compatible; AlexandriaBackfillBot/1.0)";
  assertEquals(await namesWith({}), { ...plain, archive_org: robot, open_library: robot });
  const named = `AlexandriaBackfill/1.0 (${contact})`;
  assertEquals(await namesWith({ CONTACT: contact }), {
    ...plain,
    archive_org: named,
    open_library: named,
    wikidata: named,
  });
});

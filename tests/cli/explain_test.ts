import { assertEquals, assertMatch } from "@std/assert";
import { type EndedScript, runScript } from "../support/run_script.ts";
import { type TestApp, type TestPlace, withApp, withPlace } from "../support/test_app.ts";

type Run = (script: string, args: readonly string[]) => Promise<EndedScript>;

function runner({ environment }: TestPlace, settings: Record<string, string> = {}): Run {
  return (script, args) =>
    runScript(`src/cli/${script}.ts`, { args, env: { ...environment, ...settings } });
}

/** Serves the app on a port, as `main.ts` does, while commands run beside it. */
async function besideService(service: TestApp, body: (run: Run) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => service.app.fetch(request),
  );
  await body(runner(service, { PORT: String(server.addr.port) }));
  await server.shutdown();
}

Deno.test({
  name: "explain and stats --variants say the same beside a running service and without one",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", async (place) => {
      const questions: [string, string[]][] = [["stats", ["--variants"]]];
      const answers: EndedScript[] = [];
      await withApp(place, async (service) => {
        const years = { year_start: 2012, year_end: 2012 };
        await service.call("/api/internal/seed-backfill-queue", years);
        await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
        await service.settled();
        const [edition] = await service.sql<{ isbn13: string }[]>`SELECT isbn13 FROM edition`;
        questions.push(["explain", [edition!.isbn13]]);
        await besideService(service, async (run) => {
          for (const [script, args] of questions) answers.push(await run(script, args));
          const unknown = await run("explain", ["2012-12", "no", "such", "book"]);
          assertEquals([unknown.code, unknown.stdout], [1, ""]);
          assertMatch(unknown.stderr, /^2012-12 has not named a book like "no such book"$/m);
        });
      });
      const [variants, explained] = answers;
      assertMatch(variants!.stdout, /baseline +1 /);
      assertMatch(explained!.stdout, /decided \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
      const alone = runner(place);
      for (const [index, [script, args]] of questions.entries()) {
        assertEquals(await alone(script, args), answers[index]);
      }
    }),
});

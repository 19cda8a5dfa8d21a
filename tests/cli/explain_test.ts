import { assertEquals, assertMatch } from "@std/assert";
import { type Bend, besideService, commandsIn } from "../support/service/commands.ts";
import type { EndedScript } from "../support/service/run_script.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

Deno.test({
  name: "explain and stats say the same beside a running service and without one",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", async (place) => {
      const questions: [string, string[]][] = [
        ["stats", ["--variants"]],
        ["stats", []],
        ["stats", ["--json"]],
      ];
      const answers: EndedScript[] = [];
      await withApp(place, async (service) => {
        const years = { year_start: 2012, year_end: 2012 };
        await service.call("/api/internal/seed-backfill-queue", years);
        await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
        await service.settled();
        const [edition] = await service.sql<{ isbn13: string }[]>`SELECT isbn13 FROM edition`;
        questions.unshift(["explain", [edition!.isbn13]]);
        questions.push(["explain", [edition!.isbn13, "--json"]]);
        await besideService(service, async (run) => {
          for (const [script, args] of questions) answers.push(await run(script, ...args));
          const unknown = await run("explain", "2012-12", "no", "such", "book");
          assertEquals([unknown.code, unknown.stdout], [1, ""]);
          assertMatch(unknown.stderr, /^2012-12 has not named a book like "no such book"$/m);
        });
      });
      const [explained, variants, standing, scripted] = answers;
      assertMatch(standing!.stdout, /1 of 12 months completed/);
      assertEquals(JSON.parse(scripted!.stdout).by_status.completed, 1);
      assertMatch(variants!.stdout, /baseline +1 /);
      assertMatch(explained!.stdout, /decided \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
      const alone = commandsIn(place);
      for (const [index, [script, args]] of questions.entries()) {
        assertEquals(await alone(script, ...args), answers[index]);
      }
    }),
});

Deno.test({
  name: "commands take a newer service's answers, and say which field of another's they miss",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", (place) =>
      withApp(place, async (service) => {
        const years = { year_start: 2012, year_end: 2012 };
        await service.call("/api/internal/seed-backfill-queue", years);
        await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
        await service.settled();

        const newer: Bend = (answer) => ({ ...answer, phase: { name: "Scale" } });
        await besideService(service, async (run) => {
          assertMatch((await run("stats")).stdout, /1 of 12 months completed/);
          const { phase } = JSON.parse((await run("stats", "--json")).stdout);
          assertEquals(phase, { name: "Scale" });
        }, newer);

        const other: Bend = ({ costs, months, books }) => ({ costs, months, books });
        await besideService(service, async (run) => {
          for (
            const [script, args, field] of [
              ["stats", [], "total_months"],
              ["stats", ["--json"], "total_months"],
              ["stats", ["--variants"], "experiments"],
              ["schedule", ["--dry-run"], "dry_run"],
              ["seed", [], "months_seeded"],
            ] as const
          ) {
            const { code, stdout, stderr } = await run(script, ...args);
            assertEquals([code, stdout], [1, ""], stderr);
            const sentence =
              `http://127\\.0\\.0\\.1:\\d+ is of another version: ${field} is not as`;
            assertMatch(stderr, new RegExp(`^The running service at ${sentence}.*\\.\n$`));
          }
        }, other);

        const withoutTime: Bend = ({ books }) => ({
          books: books.map((book: Record<string, unknown>) => ({
            ...book,
            resolutions: [{ key: "key", made: null, evidence: [{ provider: "x", works: [] }] }],
          })),
        });
        await besideService(service, async (run) => {
          const { code, stderr } = await run("explain", "2012-12");
          assertEquals(code, 1);
          assertMatch(stderr, /version: books\.0\.resolutions\.0\.evidence\.0\.asked_at is not as/);
        }, withoutTime);
      })),
});

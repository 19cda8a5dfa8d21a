import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { variantsScreen } from "../../../src/cli/screens/render_variants.ts";

const tally = {
  books: 40,
  resolved: 30,
  ambiguous: 0,
  not_found: 10,
  invented: 8,
  unavailable: 0,
  in_month: 15,
  in_year: 10,
  elsewhere: 5,
  undated: 0,
};

const contender = {
  ...tally,
  prompt_variant: "baseline",
  prompt_version: "2",
  generator: "xai",
  model: "grok-4.3",
  months: 2,
  refused: 0,
  unusable: 0,
  unheard: 0,
  dropped: 0,
  only_here: 3,
  stored: 0,
  tokens: 4_000,
  cost_usd: 0.006,
  usd_per_resolved: 0.0002,
  usd_per_in_month: 0.0004,
} as const;

Deno.test("variantsScreen() of an empty database says so twice", () => {
  const screen = variantsScreen({ experiments: [], months: [] });
  assertStringIncludes(screen, "none yet");
  assertStringIncludes(screen, "no month has completed yet");
});

Deno.test("variantsScreen() shows shares and costs, and leaves out columns of zeros", () => {
  const screen = variantsScreen({ experiments: [contender], months: [] });
  const [titles, row] = screen.split("\n").slice(2);
  assertMatch(row!, /^baseline\s+xai:grok-4\.3\s+2\s+40\s+30 \(75 %\)\s+15 \(50 %\)/);
  assertMatch(row!, /\$0\.0060\s+\$0\.2000\s+\$0\.4000\s+3$/);
  for (const title of ["ambiguous", "undated", "refused", "stored"]) {
    assert(!titles!.includes(title), title);
  }
  assertStringIncludes(titles!, "elsewhere");
  assertEquals(titles!.length, row!.length);
});

Deno.test("variantsScreen() shows what is not zero, and costs nobody knows", () => {
  const refusing = { ...contender, refused: 2, stored: 7, cost_usd: null, usd_per_resolved: null };
  const screen = variantsScreen({ experiments: [contender, refusing], months: [] });
  assertStringIncludes(screen, "refused");
  assertMatch(screen, / stored .*\n.* 0 .*\n.* 7 /);
  assertStringIncludes(screen, "–");
});

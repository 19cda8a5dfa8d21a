import { assertEquals, assertRejects } from "@std/assert";
import { createSharedLookups } from "../../src/resolution/shared_lookups.ts";

Deno.test("share() looks once for all who ask at the same time, and just after", async () => {
  const lookups = createSharedLookups<string>({ isShared: () => true });
  let count = 0;
  const look = async (): Promise<string> => {
    count++;
    await Promise.resolve();
    return "found";
  };
  const asked = await Promise.all([1, 2, 3].map(() => lookups.share("key", look)));
  assertEquals([...asked, await lookups.share("key", look)], Array(4).fill("found"));
  await lookups.share("other key", look);
  assertEquals(count, 2);
});

Deno.test("share() lets whoever waited look itself when a lookup fails or is not worth sharing", async () => {
  const lookups = createSharedLookups<string>({ isShared: (result) => result === "good" });
  const answers = ["bad", "good", "never asked for"];
  const look = (): Promise<string> => Promise.resolve(answers.shift()!);
  const asked = await Promise.all([1, 2, 3].map(() => lookups.share("key", look)));
  assertEquals(asked, ["bad", "good", "good"]);

  const failing = lookups.share("broken", () => Promise.reject(new Error("aborted")));
  const waiting = lookups.share("broken", () => Promise.resolve("good"));
  await assertRejects(() => failing, Error, "aborted");
  assertEquals(await waiting, "good");
});

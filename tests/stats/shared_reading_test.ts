import { assertEquals, assertRejects } from "@std/assert";
import { shareReading } from "../../src/stats/shared_reading.ts";

/** A reading whose ends the test decides. */
function slowReading() {
  const ends: PromiseWithResolvers<number>[] = [];
  const read = shareReading(() => {
    const end = Promise.withResolvers<number>();
    ends.push(end);
    return end.promise;
  });
  return { read, ends };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("shareReading() reads once for all who come while another is under way", async () => {
  const { read, ends } = slowReading();
  const first = read();
  const later = Array.from({ length: 100 }, read);
  assertEquals(ends.length, 1);
  ends[0]!.resolve(1);
  assertEquals(await first, 1);
  await turn();
  assertEquals(ends.length, 2);
  ends[1]!.resolve(2);
  assertEquals(await Promise.all(later), Array.from({ length: 100 }, () => 2));
  await turn();
  assertEquals(ends.length, 2);
});

Deno.test("shareReading() gives nobody a reading that began before the question", async () => {
  const { read, ends } = slowReading();
  const [first, second] = [read(), read()];
  ends[0]!.resolve(1);
  assertEquals(await first, 1);
  await turn();
  // The second is being read: a third that comes now may not have what it gives.
  const third = read();
  assertEquals(ends.length, 2);
  ends[1]!.resolve(2);
  assertEquals(await second, 2);
  await turn();
  ends[2]!.resolve(3);
  assertEquals(await third, 3);
});

Deno.test("shareReading() reads again after one that failed", async () => {
  const { read, ends } = slowReading();
  const [first, second] = [read(), read()];
  ends[0]!.reject(new Error("away"));
  await assertRejects(() => first, Error, "away");
  await turn();
  ends[1]!.resolve(2);
  assertEquals(await second, 2);
});

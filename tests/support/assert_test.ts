import { assertEquals, assertRejects, assertThrows } from "@std/assert";

class Odd extends Error {
  override name = "Odd";
}

/** The message of the assertion that failed; the assertions must not be judged by themselves. */
async function failure(assertion: () => unknown): Promise<string> {
  try {
    await assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The assertion did not fail");
}

const reject = (reason: unknown) => () => Promise.reject(reason);
const toss = (reason: unknown) => () => {
  throw reason;
};

Deno.test("assertRejects() without a class gives back whatever was rejected, as unknown", async () => {
  // A compile error if the type were anything narrower.
  const reason: unknown = await assertRejects(reject("a word")) satisfies unknown;
  assertEquals(reason, "a word");
  assertEquals(await assertRejects(reject(1), "said beside"), 1);
  // @ts-expect-error -- what was rejected is unknown until a class is asked for
  (await assertRejects(reject(new Odd("x")))).message;
  assertEquals(
    await failure(() => assertRejects(() => Promise.resolve(), "said beside")),
    "Expected function to reject: said beside",
  );
});

Deno.test("assertRejects() with a class checks it and the words", async () => {
  const error: Odd = await assertRejects(reject(new Odd("the word is here")), Odd, "word");
  assertEquals(error.message, "the word is here");
  assertEquals(
    await failure(() => assertRejects(reject(new Error("x")), Odd, undefined, "said beside")),
    'Expected error to be instance of "Odd", but was "Error": x: said beside',
  );
  assertEquals(
    await failure(() => assertRejects(reject(new Odd("x")), Odd, "y")),
    'Expected error message to include "y", but got "x"',
  );
  assertEquals(
    await failure(() => assertRejects(reject("no error"), Error)),
    "A non-Error object was thrown or rejected",
  );
});

Deno.test("assertRejects() tells a throw from a rejection", async () => {
  assertEquals(
    await failure(() => assertRejects(toss(new Odd("at once")) as () => Promise<never>, Odd)),
    "Function throws when expected to reject: Odd: at once",
  );
});

Deno.test("assertThrows() has the same two forms", async () => {
  const reason: unknown = assertThrows(toss("a word"));
  assertEquals(reason, "a word");
  assertEquals(assertThrows(toss(new Odd("x")), Odd, "x").message, "x");
  assertEquals(
    await failure(() => assertThrows(() => 1, "said beside")),
    "Expected function to throw: said beside",
  );
  assertEquals(
    await failure(() => assertThrows(toss(new Odd("x")), TypeError)),
    'Expected error to be instance of "TypeError", but was "Odd": x',
  );
});

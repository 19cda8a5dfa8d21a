/**
 * The functions of `@std/assert` this project uses, with the same signatures and behaviour, built on
 * `node:assert/strict`. The import map points `@std/assert` here because its registry is not always
 * in reach; the switch to the original is one line in `deno.json`.
 */
import nodeAssert from "node:assert/strict";

/** Fails unless `value` is truthy. */
export function assert(value: unknown, message = "Expected a truthy value"): asserts value {
  nodeAssert.ok(value, message);
}

/** Fails unless `value` is falsy. */
export function assertFalse(value: unknown, message = "Expected a falsy value"): void {
  nodeAssert.ok(!value, message);
}

/** Fails unless the two are structurally equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, message);
}

/** Fails when the two are structurally equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, message);
}

/** Fails when `value` is null or undefined. */
export function assertExists<T>(
  value: T,
  message = "Expected a value that is neither null nor undefined",
): asserts value is NonNullable<T> {
  nodeAssert.ok(value !== null && value !== undefined, message);
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  nodeAssert.match(actual, expected, message);
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  nodeAssert.ok(
    actual.includes(expected),
    message ?? `Expected "${actual}" to contain "${expected}"`,
  );
}

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.ok(actual > expected, message ?? `Expected ${actual} > ${expected}`);
}

/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.ok(actual <= expected, message ?? `Expected ${actual} <= ${expected}`);
}

/** Always fails. */
export function fail(message = "Failed"): never {
  nodeAssert.fail(message);
}

// deno-lint-ignore no-explicit-any -- the signature of @std/assert
type ErrorConstructor<E extends Error> = new (...args: any[]) => E;

function checkError<E extends Error>(
  error: unknown,
  ErrorClass: ErrorConstructor<E> | undefined,
  messageIncludes: string | undefined,
): E {
  nodeAssert.ok(error instanceof Error, `Expected an Error to be thrown, got ${String(error)}`);
  if (ErrorClass) {
    nodeAssert.ok(
      error instanceof ErrorClass,
      `Expected ${ErrorClass.name} to be thrown, got ${error.name}: ${error.message}`,
    );
  }
  if (messageIncludes !== undefined) assertStringIncludes(error.message, messageIncludes);
  return error as E;
}

/** Fails unless `fn` throws; returns what was thrown. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: ErrorConstructor<E>,
  messageIncludes?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, ErrorClass, messageIncludes);
  }
  return fail("Expected the function to throw");
}

/** Fails unless the promise of `fn` rejects; resolves to the reason. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: ErrorConstructor<E>,
  messageIncludes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, ErrorClass, messageIncludes);
  }
  return fail("Expected the promise to be rejected");
}

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
type ErrorConstructor<E extends Error> = abstract new (...args: any[]) => E;

/** What was expected of an error: its class, and words its message includes. */
interface ExpectedError {
  readonly ErrorClass?: ErrorConstructor<Error>;
  readonly msgIncludes?: string | undefined;
  /** What the failure says after its own words. */
  readonly msg?: string | undefined;
}

/** Tells the two forms of the arguments apart: `(msg?)` and `(ErrorClass, msgIncludes?, msg?)`. */
function expectation(
  classOrMsg: ErrorConstructor<Error> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): ExpectedError {
  return typeof classOrMsg === "function"
    ? { ErrorClass: classOrMsg, msgIncludes, msg }
    : { msg: classOrMsg };
}

function checkError(error: unknown, { ErrorClass, msgIncludes, msg }: ExpectedError): unknown {
  if (ErrorClass === undefined) return error;
  nodeAssert.ok(error instanceof Error, `A non-Error object was thrown or rejected${suffix(msg)}`);
  nodeAssert.ok(
    error instanceof ErrorClass,
    `Expected error to be instance of "${ErrorClass.name}", but was "${error.name}": ` +
      `${error.message}${suffix(msg)}`,
  );
  if (msgIncludes !== undefined) {
    nodeAssert.ok(
      error.message.includes(msgIncludes),
      `Expected error message to include "${msgIncludes}", but got "${error.message}"${
        suffix(msg)
      }`,
    );
  }
  return error;
}

function suffix(msg: string | undefined): string {
  return msg === undefined ? "" : `: ${msg}`;
}

/** Fails unless `fn` throws; returns what was thrown. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws an error of the class whose message includes the words; returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: ErrorConstructor<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    return checkError(error, expected);
  }
  return fail(`Expected function to throw${suffix(expected.msg)}`);
}

/** Fails unless the promise of `fn` rejects; resolves to the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Fails unless it rejects with an error of the class whose message includes the words. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorConstructor<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorConstructor<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (error) {
    return nodeAssert.fail(
      `Function throws when expected to reject${suffix(expected.msg)}: ${String(error)}`,
    );
  }
  try {
    await promise;
  } catch (error) {
    return checkError(error, expected);
  }
  return fail(`Expected function to reject${suffix(expected.msg)}`);
}

import { assert, assertEquals } from "@std/assert";
import {
  AppError,
  databaseErrorIn,
  type ErrorCode,
  markDatabaseError,
  toAppError,
} from "../src/errors.ts";

function coded(code: string): Error {
  return Object.assign(new Error('user "marta" at db.internal:5432'), { code });
}

function ofDatabase<T extends Error>(error: T): T {
  markDatabaseError(error);
  return error;
}

/** Each of a class that is the database's trouble, and what goes wrong on the way to it. */
const TROUBLES: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  DATABASE_FULL: ["53100"],
  DATABASE_READ_ONLY: ["25006"],
  DATABASE_REFUSED: ["28000", "28P01", "3D000", "3F000", "42501", "42P01", "55000"],
  DATABASE_UNREACHABLE: [
    ...["08000", "08001", "08003", "08004", "08006", "08007", "08P01"],
    ...["25001", "25P01", "25P02", "25P03", "25P04", "26000", "42P05"],
    ...["40000", "40001", "40002", "40003", "40P01", "55P03"],
    ...["53000", "53200", "53300", "53400"],
    ...["57000", "57014", "57P01", "57P02", "57P03", "57P04", "57P05"],
    ...["58000", "58030", "58P01", "58P02", "XX000", "XX001", "XX002"],
    // Sockets and name servers
    ...["ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH"],
    ...["ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EMFILE", "EAI_AGAIN", "EAI_FAIL", "ENOTFOUND"],
    ...["ENODATA", "ESERVFAIL", "ERR_STREAM_DESTROYED", "ERR_SOCKET_CLOSED", "ENOENT", "EACCES"],
    // TLS
    ...["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
    ...[
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "ERR_SSL_WRONG_VERSION_NUMBER",
    ],
    ...["EPROTO", "UnknownIssuer"],
    // The client's own
    ...["CONNECT_TIMEOUT", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECTION_ENDED"],
  ],
};

/** A statement that is wrong, or has a value it should not have. */
const MISTAKES = ["22P02", "23505", "42601", "42703", "0A000", "P0001", "UNDEFINED_VALUE"];

Deno.test("toAppError() knows every trouble of the database, and tells what is not in it", () => {
  for (const [expected, codes] of Object.entries(TROUBLES)) {
    for (const code of codes) {
      const raw = ofDatabase(coded(code));
      const error = toAppError(raw);
      assertEquals([code, error.code, error.class], [code, expected, "quota"]);
      assertEquals(error.cause, raw);
      assert(!/marta|internal/.test(error.message), error.message);
    }
  }
  for (const code of MISTAKES) assertEquals(toAppError(ofDatabase(coded(code))).code, "INTERNAL");
});

Deno.test("toAppError() knows a connection of the database that fails without a code", () => {
  assertEquals(toAppError(ofDatabase(new Error("gone"))).code, "DATABASE_UNREACHABLE");
  // Such are made while a statement is put together.
  assertEquals(toAppError(ofDatabase(new TypeError("x is undefined"))).code, "INTERNAL");
});

Deno.test("toAppError() takes nobody else's error for the database's", () => {
  for (const code of ["ECONNRESET", "ENOENT", "57014"]) {
    assertEquals(toAppError(coded(code)).code, "INTERNAL");
  }
});

Deno.test("toAppError() finds the database behind whoever is blamed for it", () => {
  const raw = ofDatabase(coded("40001"));
  const wrapped = new Error("the client failed", { cause: raw });
  const blamed = new AppError("PROVIDER_BAD_ANSWER", "gemini answered in an unknown form", {
    cause: wrapped,
  });
  for (const error of [wrapped, blamed]) {
    assertEquals(toAppError(error).code, "DATABASE_UNREACHABLE");
    assertEquals(databaseErrorIn(error), raw);
  }
  const told = new AppError("DATABASE_FULL", "No room");
  const around = new AppError("PROVIDER_UNAVAILABLE", "xai is away", { cause: told });
  assertEquals(toAppError(around), told);
  // A mistake in a statement is none of the provider's either.
  const mistaken = new AppError("PROVIDER_BAD_ANSWER", "odd", {
    cause: ofDatabase(coded("23505")),
  });
  assertEquals(toAppError(mistaken).code, "INTERNAL");
});

Deno.test("toAppError() leaves what somebody has said of the database", () => {
  const error = new AppError("CONFIG_INVALID", "GRANT it", { cause: ofDatabase(coded("42501")) });
  assertEquals(toAppError(error), error);
  const own = new AppError("PROVIDER_BAD_ANSWER", "odd", { cause: new TypeError("x") });
  assertEquals(toAppError(own), own);
});

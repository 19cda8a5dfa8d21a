import { assertEquals } from "@std/assert";
import { createRedactor, secretsInUrl } from "../../../src/domain/text/redaction.ts";

const SECRET = "sk-proj-8f1e/2c4d+77=aa&90bb";

Deno.test("createRedactor() knows a secret in every form it comes back in", () => {
  const redact = createRedactor([SECRET]);
  const forms = [
    SECRET,
    SECRET.toUpperCase(),
    encodeURIComponent(SECRET),
    SECRET.replaceAll("/", "\\/"),
    btoa(SECRET),
    SECRET.slice(0, SECRET.length / 2),
    SECRET.slice(-SECRET.length / 2),
  ];
  for (const form of forms) assertEquals(redact(`key “${form}” is`), "key “[redacted]” is", form);
});

Deno.test("createRedactor() leaves words alone", () => {
  const redact = createRedactor(["ollama", "", SECRET]);
  const text = "ollama wants keys that begin with sk-proj-";
  assertEquals(redact(text), text);
  assertEquals(createRedactor([])(text), text);
});

Deno.test("secretsInUrl() finds user, password and the values of the query", () => {
  const found = secretsInUrl("http://us%2Fer:pass-word@host/v1?key=query-key");
  for (const secret of ["us/er", "pass-word", "query-key", "us/er:pass-word"]) {
    assertEquals(found.includes(secret), true, secret);
  }
  assertEquals(secretsInUrl("http//user:word@host"), ["user:word"]);
});

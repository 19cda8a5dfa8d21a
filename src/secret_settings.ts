import { secretsInUrl } from "./domain/redaction.ts";

/** Settings by the names of their environment variables, parsed or not. */
type Settings = Readonly<Record<string, unknown>>;

const SECRETS = [
  "ALEXANDRIA_WEBHOOK_SECRET",
  "DATABASE_URL",
  "GEMINI_API_KEY",
  "GOOGLE_BOOKS_API_KEY",
  "ISBNDB_API_KEY",
  "LLM_API_KEY",
  "PGPASSWORD",
  "XAI_API_KEY",
];

/** Whether the setting's value never appears in a message or a log. */
export function isSecretSetting(name: string): boolean {
  return SECRETS.includes(name);
}

/** Whether the setting holds an address, parts of which may be secret. */
export function isAddressSetting(name: string): boolean {
  return name.endsWith("_URL");
}

/** All that is secret in the settings. */
export function secretsOf(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (hasPassword(value)) return [value.password];
    if (typeof value !== "string") return [];
    return [
      ...(isSecretSetting(name) ? [value] : []),
      ...(isAddressSetting(name) ? secretsInUrl(value) : []),
    ];
  });
}

/** What is secret in the settings and leaves this process for a provider, so that it may come back. */
export function secretsSent({ DATABASE_URL: _, ...settings }: Settings): string[] {
  return secretsOf(settings);
}

/** Whether this is what DATABASE_URL was understood as, with a password. */
function hasPassword(value: unknown): value is { readonly password: string } {
  return typeof value === "object" && value !== null && "password" in value &&
    typeof value.password === "string";
}

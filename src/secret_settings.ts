import { PROVIDER_SECRETS } from "./domain/providers/provider_settings.ts";
import { secretsInUrl } from "./domain/text/redaction.ts";

/** Settings by the names of their environment variables, parsed or not. */
type Settings = Readonly<Record<string, unknown>>;

const SECRETS: readonly string[] = [
  "ALEXANDRIA_WEBHOOK_SECRET",
  "DATABASE_URL",
  "PGPASSWORD",
  ...PROVIDER_SECRETS,
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
export function secretsOf({ DATABASE_URL: database, ...settings }: Settings): string[] {
  const others = Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value !== "string") return [];
    return [
      ...(isSecretSetting(name) ? [value] : []),
      ...(isAddressSetting(name) ? secretsInUrl(value) : []),
    ];
  });
  return [
    ...others,
    ...(typeof database === "string" ? [database] : []),
    ...databaseSecrets(database),
  ];
}

/** A shorter password of a database may be a word of a title, and no provider is ever sent it. */
const MIN_ODD_LENGTH = 16;

/** What a provider may send back, as far as it can be told from the words of books. */
export function secretsSent({ DATABASE_URL: database, ...settings }: Settings): string[] {
  const passwords = databaseSecrets(database);
  return [...secretsOf(settings), ...passwords.filter(({ length }) => length >= MIN_ODD_LENGTH)];
}

/**
 * Of DATABASE_URL, as it was set or as it was understood: who asks which database is in many messages,
 * and only what lets them in is secret.
 */
function databaseSecrets(database: unknown): string[] {
  if (hasPassword(database)) return [database.password];
  if (typeof database !== "string") return [];
  const open = URL.parse(database);
  const names = open === null ? [] : [open.username, open.pathname.slice(1)];
  return secretsInUrl(database).filter((secret) => !names.includes(secret));
}

function hasPassword(value: unknown): value is { readonly password: string } {
  return typeof value === "object" && value !== null && "password" in value &&
    typeof value.password === "string";
}

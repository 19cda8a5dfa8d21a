/**
 * The User-Agent: with a contact the name of this client and the contact. Without one it stays empty,
 * since Open Library refuses a name without a contact and Wikimedia throttles it.
 * Source: Wikimedia Foundation User-Agent Policy; Open Library's API usage guidelines.
 */
export function userAgent(contact: string | null): string {
  const isReachable = contact !== null && /@|^https?:/.test(contact);
  return isReachable ? `AlexandriaBackfill/1.0 (${contact})` : "";
}

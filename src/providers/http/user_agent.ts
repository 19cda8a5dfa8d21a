/** What this client calls itself to services with a key, which know by the key whom to turn to. */
export const USER_AGENT = "AlexandriaBackfill/1.0";

/**
 * What it calls itself to open services, who want to know whom to turn to: its name with the contact.
 * Without one Open Library refuses a bare name and some libraries' names, and takes what browsers and
 * declared robots send, so it says in the form of these that it is a robot.
 * Source: Wikimedia Foundation User-Agent Policy; Open Library's API guidelines and its `nginx.conf`
 * (`$is_identifying_ua`); user agents that it answered and refused, in issues of vavallee/bindery (834),
 * kkodecs/livrarr (83) and zamnzim/Libreseerr (10), 2026-05.
 */
export function openUserAgent(contact: string | null): string {
  const isReachable = contact !== null && /@|^https?:/.test(contact);
  return isReachable
    ? `${USER_AGENT} (${contact})`
    : "Mozilla/5.0 (compatible; AlexandriaBackfillBot/1.0)";
}

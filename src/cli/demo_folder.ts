/** The demo's own folder under DATA_DIR; one with a server's database leaves the embedded one's alone. */
export function demoFolder(
  { DATA_DIR = ".data", DATABASE_URL }: Readonly<Record<string, string>>,
): string {
  return `${DATA_DIR}/${DATABASE_URL === undefined ? "demo" : "demo-server"}`;
}

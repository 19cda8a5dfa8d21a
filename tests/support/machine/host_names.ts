import { canHaveFiles } from "./own_files.ts";

/** The name of a host as one process sees it, which a test can take away and give back. */
export interface HostName {
  /** What the process is to see in place of the system's files. */
  readonly files: Readonly<Record<string, string>>;
  vanish(): Promise<void>;
  appear(): Promise<void>;
}

/** What is said of a name that has gone, where it is looked up for that, and the system's code. */
export const UNRESOLVED = [
  { what: "is not known", sources: "files", code: "ENOTFOUND" },
  { what: "cannot be asked for", sources: "files dns", code: "EAI_AGAIN" },
] as const;

/** Nobody is asked outside this machine, and nobody in it answers. */
const NAME_SERVER = "127.0.0.1";

const CAN_HAVE_FILES = await canHaveFiles();

/**
 * Registers a test with a process's own name for this machine, and what is said of it when it has gone;
 * it is ignored, and its name says why, where that cannot be had.
 */
export function hostNameTest(
  name: string,
  { host, unresolved, ignore }: {
    host: string;
    unresolved: typeof UNRESOLVED[number];
    ignore: boolean;
  },
  body: (hostName: HostName) => Promise<void>,
): void {
  Deno.test({
    name: CAN_HAVE_FILES ? name : `${name} (unshare --mount is not permitted here)`,
    ignore: ignore || !CAN_HAVE_FILES,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "alexandria-test-names-" });
      const [hosts, sources, servers] = ["hosts", "nsswitch.conf", "resolv.conf"]
        .map((file) => `${folder}/${file}`) as [string, string, string];
      // Written over and not replaced: what is mounted is the file and not its path.
      const write = (names: string): Promise<void> =>
        Deno.writeTextFile(hosts, `127.0.0.1 localhost ${names}\n`);
      await write(host);
      await Deno.writeTextFile(sources, `hosts: ${unresolved.sources}\n`);
      await Deno.writeTextFile(servers, `nameserver ${NAME_SERVER}\n`);
      try {
        await body({
          files: {
            "/etc/hosts": hosts,
            "/etc/nsswitch.conf": sources,
            "/etc/resolv.conf": servers,
          },
          vanish: () => write(""),
          appear: () => write(host),
        });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

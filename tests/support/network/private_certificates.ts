import { execFile } from "../machine/exec_file.ts";

/** A certificate with its private key, both as PEM text and as files. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly certificatePath: string;
  readonly keyPath: string;
}

/** A certificate authority nobody knows, as companies run them for their own servers. */
export interface PrivateAuthority {
  readonly certificatePath: string;
  /** Signs a certificate for names such as `DNS:db.example.test` or `IP:127.0.0.1`. */
  sign(commonName: string, alternativeNames: readonly string[]): Promise<Certificate>;
  remove(): Promise<void>;
}

const DAYS = ["-days", "2"];
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority in a temporary folder, with the system's openssl. */
export async function createAuthority(): Promise<PrivateAuthority> {
  const folder = await Deno.makeTempDir({ prefix: "alexandria-test-authority-" });
  // The keys in it are for their owner alone; a server of another account reads the certificates.
  await Deno.chmod(folder, 0o755);
  const file = (name: string): string => `${folder}/${name}`;
  await execFile("openssl", [
    ...["req", "-x509", ...NEW_KEY, ...DAYS, "-subj", "/CN=Private authority"],
    ...["-addext", "keyUsage=critical,keyCertSign"],
    ...["-keyout", file("authority.key"), "-out", file("authority.crt")],
  ]);
  return {
    certificatePath: file("authority.crt"),
    async sign(commonName, alternativeNames): Promise<Certificate> {
      const base = file(crypto.randomUUID());
      const [keyPath, certificatePath] = [`${base}.key`, `${base}.crt`];
      const names = alternativeNames.length === 0
        ? ""
        : `subjectAltName=${alternativeNames.join(",")}\n`;
      await Deno.writeTextFile(`${base}.ext`, `basicConstraints=CA:FALSE\n${names}`);
      await execFile("openssl", [
        ...["req", ...NEW_KEY, "-subj", `/CN=${commonName}`],
        ...["-keyout", keyPath, "-out", `${base}.csr`],
      ]);
      await execFile("openssl", [
        ...["x509", "-req", "-in", `${base}.csr`, ...DAYS, "-extfile", `${base}.ext`],
        ...["-CA", file("authority.crt"), "-CAkey", file("authority.key"), "-CAcreateserial"],
        ...["-out", certificatePath],
      ]);
      return {
        certificate: await Deno.readTextFile(certificatePath),
        key: await Deno.readTextFile(keyPath),
        certificatePath,
        keyPath,
      };
    },
    remove: () => Deno.remove(folder, { recursive: true }),
  };
}

import { APP, APP_PASSWORD, type PastedUrl } from "./pasted_urls.ts";

/** URLs that say whether to encrypt and whom to trust, on the same servers. */
export const PASTED_TLS_URLS: readonly PastedUrl[] = [
  {
    from: "TLS without a look at the certificate",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=require`,
    works: { ssl: true },
  },
  {
    from: "node-pg and Heroku",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?ssl=true&uselibpqcompat=true`,
    works: { ssl: true },
    ignored: ["uselibpqcompat"],
  },
  {
    from: "TLS where the server decides",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=prefer`,
    works: { ssl: true },
  },
  {
    from: "TLS where the server decides, and offers none",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?sslmode=prefer`,
    works: { ssl: false },
  },
  {
    from: "TLS where the server decides, and does not let this user in with it",
    url: `postgres://clear:${APP_PASSWORD}@127.0.0.1:{tls}/books?sslmode=prefer`,
    works: { ssl: false, user: "clear" },
  },
  {
    from: "TLS only when demanded",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=allow`,
    works: { ssl: true },
  },
  {
    from: "no TLS where it is demanded",
    url: `postgres://${APP}@127.0.0.1:{tls}/books`,
    fails: /no pg_hba.conf entry .*with sslmode=require in DATABASE_URL it is/,
  },
  {
    from: "TLS where none is offered",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?sslmode=require`,
    fails: /does not offer the encryption that sslmode=require asks for\./,
  },
  {
    from: "TLS by default, for a host that is not this machine",
    url: `postgres://${APP}@db.example.test:{tls}/books?hostaddr=127.0.0.1`,
    works: { ssl: true },
  },
  {
    from: "TLS by default, where none is offered",
    url: `postgres://${APP}@db.example.test:{plain}/books?hostaddr=127.0.0.1`,
    fails: /sslmode=require asks for \(the default .*\): sslmode=disable connects without/,
  },
  {
    from: "a name checked against a private authority, as RDS has it",
    url: `postgres://${APP}@db.example.test:{tls}/books?hostaddr=127.0.0.1&sslmode=verify-full` +
      `&sslrootcert={authority}`,
    works: { ssl: true },
  },
  {
    from: "an IP address checked against a private authority in a variable",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=verify-full`,
    variables: { PGSSLROOTCERT: "{authority}" },
    works: { ssl: true },
  },
  {
    from: "a certificate for another name",
    url: `postgres://${APP}@other.example.test:{tls}/books?hostaddr=127.0.0.1&sslmode=verify-full` +
      `&sslrootcert={authority}`,
    fails: /does not match certificate.*or sslmode=verify-ca, which does not look at the name/,
  },
  {
    from: "a certificate for another IP address",
    url: `postgres://${APP}@[::1]:{tls}/books?sslmode=verify-full&sslrootcert={authority}`,
    fails: /does not match certificate.*or sslmode=verify-ca/,
  },
  {
    from: "a certificate for another name that is not looked at",
    url: `postgres://${APP}@other.example.test:{tls}/books?hostaddr=127.0.0.1&sslmode=verify-ca` +
      `&sslrootcert={authority}`,
    works: { ssl: true },
  },
  {
    from: "an authority nobody knows",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=verify-full&sslrootcert=system`,
    fails: /: name the file of the authority that signed it in sslrootcert/,
  },
  {
    from: "sslmode=require with another authority, which libpq takes for verify-ca",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=require&sslrootcert={stranger}`,
    fails: /: name the file of the authority that signed it in sslrootcert/,
  },
  {
    from: "an authority's file that is not there",
    url: `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem`,
    fails: /sslrootcert=\/nowhere\/ca\.pem, which cannot be read/,
  },
  {
    from: "a client's certificate",
    url: `postgres://certified@127.0.0.1:{tls}/books?sslmode=require&sslcert={client.crt}` +
      `&sslkey={client.key}`,
    works: { ssl: true, user: "certified" },
  },
  {
    from: "a client's certificate without its key",
    url: `postgres://certified@127.0.0.1:{tls}/books?sslmode=require&sslcert={client.crt}`,
    fails: /comes with sslcert but without sslkey/,
  },
  {
    from: "Neon",
    url: `postgresql://${APP}@127.0.0.1:{tls}/books?sslmode=require&channel_binding=require`,
    works: { ssl: true },
    ignored: ["channel_binding"],
  },
  {
    from: "Prisma, with a certificate that must be right",
    url:
      `postgres://${APP}@127.0.0.1:{tls}/books?sslmode=require&sslaccept=strict&socket_timeout=3`,
    fails: /: name the file of the authority/,
  },
  {
    from: "a mode that is none",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?sslmode=sometimes`,
    fails: /comes with sslmode=sometimes, which must be one of disable, allow, prefer/,
  },
];

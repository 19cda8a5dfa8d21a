import type {
  ConnectionTarget,
  ServerAddress,
  SessionAttributes,
  SslMode,
} from "./connection_target.ts";

/** One way to reach a server. */
export interface ConnectionAttempt {
  readonly address: ServerAddress;
  readonly encryption: "none" | "if offered" | "demanded";
  /** To be made only if the attempt before it failed because of its encryption. */
  readonly is_alternative: boolean;
  readonly wanted: SessionAttributes;
}

/** What a server says of itself when a connection starts: all versions supported do, poolers may not. */
export interface ServerState {
  readonly in_hot_standby?: string;
  readonly default_transaction_read_only?: string;
}

const ENCRYPTIONS: Readonly<Record<SslMode, readonly ConnectionAttempt["encryption"][]>> = {
  "disable": ["none"],
  "allow": ["none", "demanded"],
  "prefer": ["if offered", "none"],
  "require": ["demanded"],
  "verify-ca": ["demanded"],
  "verify-full": ["demanded"],
};

/**
 * The attempts to make one after the other until one succeeds, as libpq makes them: address by
 * address, and for `prefer-standby` all of them again when none is a standby.
 */
export function connectionAttempts(target: ConnectionTarget): ConnectionAttempt[] {
  const rounds: SessionAttributes[] = target.session_attributes === "prefer-standby"
    ? ["standby", "any"]
    : [target.session_attributes];
  return rounds.flatMap((wanted) =>
    target.addresses.flatMap((address) =>
      encryptionsOf(address).map((encryption, i) => ({
        address,
        encryption,
        is_alternative: i > 0,
        wanted,
      }))
    )
  );
}

function encryptionsOf(address: ServerAddress): readonly ConnectionAttempt["encryption"][] {
  return address.kind === "socket" ? ["none"] : ENCRYPTIONS[address.ssl_mode];
}

/** Why a server is not the one that is wanted, in words that go on from its name; `null` if it is. */
export function whyUnwanted(
  wanted: SessionAttributes,
  { in_hot_standby, default_transaction_read_only }: ServerState,
): string | null {
  const isReadOnly = in_hot_standby === "on" || default_transaction_read_only === "on";
  switch (wanted) {
    case "any":
    case "prefer-standby":
      return null;
    case "read-write":
      return isReadOnly ? "is read-only" : null;
    case "read-only":
      return in_hot_standby === undefined || isReadOnly ? null : "can be written";
    case "primary":
      return in_hot_standby === "on" ? "is a standby" : null;
    case "standby":
      return in_hot_standby === "off" ? "is no standby" : null;
  }
}

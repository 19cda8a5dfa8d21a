/** What can go wrong with a statement between the client and the database. */
export type WireTrouble =
  /** The database refuses it; `isFatal` closes the connection over it. */
  | { readonly kind: "error"; readonly sqlstate: string; readonly isFatal: boolean }
  /** The connection is lost before the statement arrives, or after it is done and before its answer. */
  | { readonly kind: "cut"; readonly when: "before" | "after"; readonly how: "reset" | "close" }
  /**
   * All connections are lost at once, and new ones refused for a while: with a SQLSTATE, or with `null`
   * because nobody listens.
   */
  | { readonly kind: "outage"; readonly sqlstate: string | null; readonly ms: number };

export interface StatementFault {
  /** How the text of the statement begins, with single spaces. */
  readonly statement: string;
  /** How often it passes before. */
  readonly skip: number;
  /** How often in a row the trouble befalls it. */
  readonly times: number;
  readonly trouble: WireTrouble;
}

interface ArmedFault extends StatementFault {
  passed: number;
  fired: number;
}

/** Decides what befalls which statement, and counts what it sees. */
export class StatementFaults {
  #counts = new Map<string, number>();
  #armed: ArmedFault[] = [];

  /** Takes the place of the faults before. */
  arm(...faults: readonly StatementFault[]): void {
    this.#armed = faults.map((fault) => ({ ...fault, passed: 0, fired: 0 }));
  }

  /** The armed faults come to pass no more. */
  disarm(): void {
    this.#armed = [];
  }

  /** Whether each armed fault has come to pass at all. */
  hasFired(): boolean {
    return this.#armed.every(({ fired }) => fired > 0);
  }

  /** How often each statement was carried out since the counts were cleared. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Disarms, and begins to count anew. */
  clear(): void {
    this.#counts = new Map();
    this.disarm();
  }

  /** To be told of the statements that are about to be carried out together. */
  meet(statements: readonly string[]): WireTrouble | null {
    for (const statement of statements) {
      this.#counts.set(statement, (this.#counts.get(statement) ?? 0) + 1);
    }
    for (const fault of this.#armed) {
      if (!statements.some((statement) => statement.startsWith(fault.statement))) continue;
      if (fault.passed++ < fault.skip || fault.fired >= fault.times) continue;
      fault.fired++;
      return fault.trouble;
    }
    return null;
  }
}

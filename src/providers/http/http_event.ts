/** What happened on the way, for the log. */
export type HttpEvent =
  | {
    readonly kind: "answered";
    readonly provider: string;
    readonly status: number;
    readonly attempt: number;
    readonly latency_ms: number;
  }
  | {
    readonly kind: "failed";
    readonly provider: string;
    readonly code: string;
    readonly message: string;
    readonly attempt: number;
    readonly latency_ms: number;
    /** Null when there will be no further attempt. */
    readonly retry_in_ms: number | null;
  }
  | {
    readonly kind: "breaker_opened";
    readonly provider: string;
    readonly code: string;
    readonly message: string;
    readonly until: string;
  }
  | { readonly kind: "breaker_closed"; readonly provider: string };

-- Why: a provider counts the requests of all our processes together, so they share one pace, one
-- daily count and the knowledge that a provider does not answer. `provider_rate` holds when the next
-- request may start; `provider_quota` what each day has used, counted before the request leaves;
-- `provider_health` who is held back, since when and until when.
-- Locks: nothing that exists. Older code survives it (and would keep to its own limits only).
CREATE TABLE provider_rate (
  provider text PRIMARY KEY,
  next_free_at timestamptz NOT NULL
);

CREATE TABLE provider_quota (
  provider text NOT NULL,
  day date NOT NULL,
  used integer NOT NULL CHECK (used >= 0),
  PRIMARY KEY (provider, day)
);

CREATE TABLE provider_health (
  provider text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('closed', 'open')),
  code text,
  message text,
  open_until timestamptz,
  changed_at timestamptz NOT NULL,
  CHECK ((state = 'open') = (open_until IS NOT NULL))
);

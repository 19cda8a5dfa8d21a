-- Why: a book is looked up once for all months. `evidence` remembers what each provider answered
-- (the fields the match decision uses, not whole bodies), so that a restart asks nobody twice;
-- `resolution` is the decision made from it. A provider that could not answer leaves no row here.
-- Locks: nothing that exists. Older code survives it.
CREATE TABLE resolution (
  key text PRIMARY KEY,
  title text NOT NULL,
  author text NOT NULL,
  year integer NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('found', 'ambiguous', 'not_found')),
  isbn13 text CHECK (isbn13 ~ '^97[89][0-9]{10}$'),
  decision jsonb NOT NULL,
  job_id uuid NOT NULL,
  decided_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CHECK ((verdict = 'found') = (isbn13 IS NOT NULL))
);
CREATE INDEX resolution_by_job ON resolution (job_id);

CREATE TABLE evidence (
  resolution_key text NOT NULL,
  provider text NOT NULL,
  works jsonb NOT NULL,
  job_id uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (resolution_key, provider)
);
CREATE INDEX evidence_by_job ON evidence (job_id);

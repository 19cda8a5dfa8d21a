-- Why: dedupe looks for stored works of the same author whose title is nearly the same.
-- Locks: `work` against writes while the index is built (it is new and small). Older code survives it.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

CREATE INDEX work_title_trigrams ON work USING gin (title_key gin_trgm_ops);

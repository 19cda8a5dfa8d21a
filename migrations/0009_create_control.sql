-- Why: one row that can pause the whole programme and says who did it and why.
-- Locks: nothing that exists. Older code survives it (and would not pause).
CREATE TABLE control (
  id integer PRIMARY KEY CHECK (id = 1),
  is_paused boolean NOT NULL DEFAULT false,
  paused_by text,
  paused_reason text,
  paused_at timestamptz,
  CHECK (is_paused = (paused_at IS NOT NULL))
);
INSERT INTO control (id) VALUES (1);

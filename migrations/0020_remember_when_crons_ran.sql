-- Why: a tick that nobody could do at its time, because the database or the service was away, is made up
-- for. So it must be known when the last one was, and when the last one was made up for.
-- Locks: nothing that exists. Older code survives it (and notes nothing: the newer then makes up for one
-- tick that was not missed).
CREATE TABLE cron_run (
  task text PRIMARY KEY,
  ran_at timestamptz NOT NULL,
  made_up_at timestamptz
);

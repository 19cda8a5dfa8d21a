-- Why: every process runs its own copy of each cron. The first to take the row's short lease does the
-- work, the others find it taken, and a lapsed lease (a process killed in the middle) frees itself.
-- Locks: nothing that exists. Older code survives it (and would tick once per process).
CREATE TABLE cron_lease (
  task text PRIMARY KEY,
  leased_by text NOT NULL,
  leased_until timestamptz NOT NULL
);

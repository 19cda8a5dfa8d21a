-- Why: what a provider tells of itself outlives the process that was told: how many calls of a day it
-- really grants, and which key (the beginning of its SHA-256) it refused, so that a new key is tried
-- at once.
-- Locks: both tables for a moment. Older code survives it.
ALTER TABLE provider_quota ADD COLUMN granted integer CHECK (granted >= 0);
ALTER TABLE provider_health ADD COLUMN credential text;

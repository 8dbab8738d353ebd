-- A stop may hold several targets: once it was narrowed, one for each user who still owes something.
CREATE TABLE held (
    stop INTEGER NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (stop, target)
) STRICT, WITHOUT ROWID;
INSERT INTO held SELECT stop, target FROM latches;
DROP TABLE latches;
ALTER TABLE held RENAME TO latches;

-- In force while put_back is null. Both numbers are drawn from the gate.
CREATE TABLE carve_outs (
    stop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    target TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    put_back INTEGER,
    PRIMARY KEY (stop, number, target)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX carve_outs_in_force ON carve_outs (stop, target) WHERE put_back IS NULL;

ALTER TABLE stops ADD COLUMN narrow_number INTEGER;
ALTER TABLE stops ADD COLUMN narrowed_by TEXT;
ALTER TABLE stops ADD COLUMN narrowed_at INTEGER;
ALTER TABLE stops ADD COLUMN narrow_reason TEXT;
ALTER TABLE stops ADD COLUMN again_number INTEGER;
ALTER TABLE stops ADD COLUMN again_at INTEGER;
ALTER TABLE stops ADD COLUMN next_try INTEGER;

-- When an unmet outcome became one; for what was written before this column, when its last try began.
ALTER TABLE outcomes ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE outcomes SET since = at - duration;
CREATE INDEX outcomes_waived ON outcomes (stop) WHERE outcome = 9;
CREATE INDEX outcomes_waived_item ON outcomes (item) WHERE outcome = 9;

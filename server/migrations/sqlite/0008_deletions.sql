-- Versions of tables whose rows were deleted; what they were stays known.
CREATE TABLE table_deletions (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL UNIQUE REFERENCES table_versions,
    created_ms INTEGER NOT NULL
);
CREATE TRIGGER table_deletions_stay BEFORE UPDATE ON table_deletions
BEGIN SELECT RAISE(ABORT, 'what is deleted stays deleted'); END;
CREATE TRIGGER table_deletions_remain BEFORE DELETE ON table_deletions
BEGIN SELECT RAISE(ABORT, 'what is deleted stays deleted'); END;

-- Who made it: the name of an API key, or of a user of the system. Not known of
-- what is older, and of what a server made that asks for no key.
ALTER TABLE table_versions ADD COLUMN made_by TEXT;
ALTER TABLE experiments ADD COLUMN made_by TEXT;
ALTER TABLE builds ADD COLUMN made_by TEXT;
ALTER TABLE deployments ADD COLUMN made_by TEXT;

-- How a build was trained, as its document says it: that stays when the document
-- goes.
ALTER TABLE builds ADD COLUMN training TEXT;
DROP TRIGGER builds_stay;
CREATE TRIGGER builds_stay BEFORE UPDATE ON builds
WHEN NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.model <> OLD.model
    OR NEW.created_ms <> OLD.created_ms OR NEW.sha256 <> OLD.sha256
    OR (NEW.document <> '' AND OLD.document <> '')
    OR NEW.made_by IS NOT OLD.made_by
    OR (OLD.training IS NOT NULL AND NEW.training IS NOT OLD.training)
BEGIN SELECT RAISE(ABORT, 'a build never changes'); END;

-- What a lineage file says of a model. The newest row of a model is in force.
CREATE TABLE lineage_entries (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    -- JSON: qualified names of Hive tables; metadata by name.
    tables TEXT NOT NULL,
    metadata TEXT NOT NULL,
    -- The file's name, and SHA-256 of it.
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    made_by TEXT,
    created_ms INTEGER NOT NULL
);
CREATE INDEX lineage_entries_by_model ON lineage_entries (model);
CREATE TRIGGER lineage_entries_stay BEFORE UPDATE ON lineage_entries
BEGIN SELECT RAISE(ABORT, 'an entry is replaced by a new row'); END;
CREATE TRIGGER lineage_entries_remain BEFORE DELETE ON lineage_entries
BEGIN SELECT RAISE(ABORT, 'an entry is replaced by a new row'); END;

-- Who is told what is in the outbox: 'mlflow' or 'openlineage'.
ALTER TABLE outbox ADD COLUMN peer TEXT NOT NULL DEFAULT 'mlflow';
DROP INDEX outbox_by_state;
CREATE INDEX outbox_by_state ON outbox (peer, state, id);

-- Names for builds of a model, such as "challenger". The newest row of a name is
-- in force; one without a build takes the name away. What is deployed is the
-- champion: that needs no row.
CREATE TABLE aliases (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL REFERENCES models,
    alias TEXT NOT NULL,
    build INTEGER REFERENCES builds,
    created_ms INTEGER NOT NULL
);
CREATE INDEX aliases_by_name ON aliases (model, alias);
CREATE TRIGGER aliases_stay BEFORE UPDATE ON aliases
BEGIN SELECT RAISE(ABORT, 'an alias is moved by a new row'); END;
CREATE TRIGGER aliases_remain BEFORE DELETE ON aliases
BEGIN SELECT RAISE(ABORT, 'an alias is taken away by a new row'); END;

-- The earlier deployment that one brought back.
ALTER TABLE deployments ADD COLUMN restores INTEGER REFERENCES deployments;

-- The document of a build that nothing needs may go, and come again; all else
-- stays.
DROP TRIGGER builds_stay;
CREATE TRIGGER builds_stay BEFORE UPDATE ON builds
WHEN NEW.id <> OLD.id OR NEW.uuid <> OLD.uuid OR NEW.model <> OLD.model
    OR NEW.created_ms <> OLD.created_ms OR NEW.sha256 <> OLD.sha256
    OR (NEW.document <> '' AND OLD.document <> '')
BEGIN SELECT RAISE(ABORT, 'a build never changes'); END;

-- Numbers of labels are where readers go on from: none may be given twice, also
-- when the last labels are erased.
ALTER TABLE labels RENAME TO numbered_labels;
CREATE TABLE labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    recorded_ms INTEGER NOT NULL
);
INSERT INTO labels SELECT id, uuid, key, value, recorded_ms FROM numbered_labels;
DROP TABLE numbered_labels;
CREATE INDEX labels_by_uuid ON labels (uuid, key);
CREATE TRIGGER labels_stay BEFORE UPDATE ON labels
BEGIN SELECT RAISE(ABORT, 'a label is corrected by a new one'); END;

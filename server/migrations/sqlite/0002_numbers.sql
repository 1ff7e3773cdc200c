-- Numbers of predictions and labels are where readers go on from: none may be
-- given twice, also when the last ones are erased.
ALTER TABLE predictions RENAME TO numbered_predictions;
CREATE TABLE predictions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE,
    deployment INTEGER NOT NULL REFERENCES deployments,
    start_ms INTEGER NOT NULL,
    duration_us INTEGER NOT NULL,
    -- Level codes and numbers, in the order of the build's schema.
    input BLOB,
    probability REAL,
    -- How it was explained; the weights follow from the input and the build.
    explained TEXT
);
INSERT INTO predictions SELECT id, uuid, deployment, start_ms, duration_us, input, probability,
    explained FROM numbered_predictions ORDER BY id;
DROP TABLE numbered_predictions;
CREATE INDEX predictions_by_time ON predictions (start_ms);

ALTER TABLE labels RENAME TO numbered_labels;
CREATE TABLE labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    recorded_ms INTEGER NOT NULL
);
INSERT INTO labels SELECT id, uuid, key, value, recorded_ms FROM numbered_labels ORDER BY id;
DROP TABLE numbered_labels;
CREATE INDEX labels_by_uuid ON labels (uuid, key);
CREATE TRIGGER labels_stay BEFORE UPDATE ON labels
BEGIN SELECT RAISE(ABORT, 'a label is corrected by a new one'); END;

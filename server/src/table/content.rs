//! The hash of a table's content: the same rows give the same hash, whichever
//! files and formats they came in and whichever program wrote the file.

use churn_core::artefact::hexadecimal;
use sha2::{Digest as _, Sha256};

use super::cells::{Cell, Kind};
use super::schema::TableSchema;

/// What stands before all else. Another way to hash takes another word.
const HEAD: &[u8] = b"churn-table 1\n";

/// The hash of names, kinds and rows so far.
#[derive(Clone, Debug)]
pub struct Content {
    digest: Sha256,
    bytes: Vec<u8>,
}

impl Content {
    /// The hash of a table without rows.
    pub fn new(schema: &TableSchema) -> Self {
        let mut content = Self {
            digest: Sha256::new_with_prefix(HEAD),
            bytes: Vec::new(),
        };
        content
            .bytes
            .extend((schema.columns.len() as u64).to_le_bytes());
        for column in &schema.columns {
            content.text(&column.name);
            content.bytes.push(match column.kind {
                Kind::Integer => b'i',
                Kind::Number => b'n',
                Kind::Text => b't',
                Kind::Boolean => b'b',
            });
        }
        content.take();
        content
    }

    /// Adds a row.
    pub fn add(&mut self, row: &[Cell<'_>]) {
        for cell in row {
            let is_present = *cell != Cell::Missing;
            self.bytes.push(u8::from(is_present));
            match cell {
                Cell::Missing => {}
                Cell::Integer(x) => self.bytes.extend(x.to_le_bytes()),
                Cell::Number(x) => self.bytes.extend(x.to_le_bytes()),
                Cell::Text(x) => self.text(x),
                Cell::Boolean(x) => self.bytes.push(u8::from(*x)),
            }
        }
        self.take();
    }

    /// The hash, in hexadecimal.
    pub fn hash(self) -> String {
        hexadecimal(&self.digest.finalize())
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend((text.len() as u64).to_le_bytes());
        self.bytes.extend(text.as_bytes());
    }

    fn take(&mut self) {
        self.digest.update(&self.bytes);
        self.bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::TableColumn;
    use super::*;

    #[test]
    fn what_differs_has_another_hash() {
        let schema = |name, kind| TableSchema {
            columns: vec![
                TableColumn::new(name, kind),
                TableColumn::new("z", Kind::Text),
            ],
        };
        let hash = |schema: &TableSchema, rows: &[[Cell<'_>; 2]]| {
            let mut content = Content::new(schema);
            for row in rows {
                content.add(row);
            }
            content.hash()
        };
        let text = schema("a", Kind::Text);
        let hashes = [
            hash(&text, &[]),
            hash(&schema("b", Kind::Text), &[]),
            hash(&schema("a", Kind::Integer), &[]),
            hash(&text, &[[Cell::Text("ab"), Cell::Text("c")]]),
            hash(&text, &[[Cell::Text("a"), Cell::Text("bc")]]),
            hash(&text, &[[Cell::Text("abc"), Cell::Missing]]),
            hash(&text, &[[Cell::Missing, Cell::Text("abc")]]),
        ];
        for (at, first) in hashes.iter().enumerate() {
            assert!(hashes[..at].iter().all(|other| other != first), "{at}");
        }
    }
}

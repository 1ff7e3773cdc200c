//! The customers that a condition asks for by their ids, read.

use churn_core::math::sort_places;

use crate::filter::fault::Fault;
use crate::filter::reader::Reader;
use crate::text;

impl Reader<'_> {
    /// Ids with commas between them, as rows in their order.
    pub(super) fn ids(&mut self) -> Result<Vec<u32>, Fault> {
        let mut rows = Vec::new();
        loop {
            self.skip_spaces();
            let before = self.at;
            let row = if self.rest().starts_with('"') {
                let quoted = self.quoted()?;
                self.explorer.find(&quoted)
            } else {
                let rest = self.rest();
                let end = rest.find(|c: char| c.is_whitespace() || c == ',');
                let id = &rest[..end.unwrap_or(rest.len())];
                self.at += id.len();
                self.explorer.find(id)
            };
            let Some(row) = row else {
                self.at = before;
                return self.fault(text::EXPECTED_ID);
            };
            rows.push(row);
            let end = self.at;
            self.skip_spaces();
            if !self.take(",") {
                self.at = end;
                sort_places(&mut rows, &|a, b| a.cmp(&b));
                rows.dedup();
                return Ok(rows);
            }
        }
    }
}

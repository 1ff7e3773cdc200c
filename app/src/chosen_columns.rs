//! Which columns the user wants to see, kept between visits.

use churn_core::Schema;

use crate::column_key::ColumnKey;

/// The columns that are shown though they are not standard, and the standard
/// ones that are not: so a choice holds for other data as far as its columns
/// are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenColumns(Vec<ColumnKey>);

impl ChosenColumns {
    /// Whether a column is shown.
    pub fn shows(&self, key: ColumnKey) -> bool {
        key.is_standard() != self.0.contains(&key)
    }

    /// Shows or hides a column.
    pub fn set(&mut self, key: ColumnKey, shown: bool) {
        if self.shows(key) == shown || !key.is_optional() {
            return;
        }
        match self.0.iter().position(|&changed| changed == key) {
            Some(place) => {
                self.0.remove(place);
            }
            None => self.0.push(key),
        }
    }

    /// The choice as it is kept: the name of each changed column on a line.
    pub fn text(&self, schema: &Schema) -> String {
        let names = self.0.iter().map(|key| key.text(schema) + "\n");
        names.collect()
    }

    /// Reads what [`text`](Self::text) wrote; unknown columns are left out.
    pub fn parse(text: &str, schema: &Schema) -> Self {
        let mut chosen = Self::default();
        for key in text
            .lines()
            .filter_map(|name| ColumnKey::parse(name, schema))
        {
            chosen.set(key, !key.is_standard());
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    #[test]
    fn a_choice_comes_back_from_its_text() {
        let explorer = explorer();
        let mut chosen = ChosenColumns::default();
        assert!(chosen.shows(ColumnKey::Value(1)) && !chosen.shows(ColumnKey::Weight(1)));
        for (key, shown) in [
            (ColumnKey::Value(1), false),
            (ColumnKey::Weight(1), true),
            (ColumnKey::Reasons, false),
            (ColumnKey::Reasons, true),
            // Never hidden.
            (ColumnKey::Risk, false),
        ] {
            chosen.set(key, shown);
        }
        assert!(!chosen.shows(ColumnKey::Value(1)) && chosen.shows(ColumnKey::Weight(1)));
        assert!(chosen.shows(ColumnKey::Reasons) && chosen.shows(ColumnKey::Risk));
        let text = chosen.text(explorer.schema());
        assert_eq!(text, "value.tenure\nweight.tenure\n");
        let read = |text| ChosenColumns::parse(text, explorer.schema());
        assert_eq!(read(&text), chosen);
        assert_eq!(read("value.gone\nrisk\n"), ChosenColumns::default());
    }
}

//! Which columns the user wants to see, and how wide, kept between visits.

use churn_core::Schema;

use crate::column_key::ColumnKey;

/// Pixels of the narrowest and of the widest column.
const WIDTHS: (usize, usize) = (64, 720);

/// The columns that are shown though they are not standard, and the standard
/// ones that are not: so a choice holds for other data as far as its columns
/// are there. Widths are those that the user gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenColumns {
    changed: Vec<ColumnKey>,
    widths: Vec<(ColumnKey, usize)>,
}

impl ChosenColumns {
    /// Whether a column is shown.
    pub fn shows(&self, key: ColumnKey) -> bool {
        key.is_standard() != self.changed.contains(&key)
    }

    /// Shows or hides a column.
    pub fn set(&mut self, key: ColumnKey, shown: bool) {
        if self.shows(key) == shown || !key.is_optional() {
            return;
        }
        match self.changed.iter().position(|&changed| changed == key) {
            Some(place) => {
                self.changed.remove(place);
            }
            None => self.changed.push(key),
        }
    }

    /// Width in pixels that the user gave to a column.
    pub fn width(&self, key: ColumnKey) -> Option<usize> {
        let given = self.widths.iter().find(|(of, _)| *of == key);
        given.map(|&(_, width)| width)
    }

    /// Gives a column a width in pixels, as far as that is in bounds; without
    /// one it is as wide as it needs.
    pub fn set_width(&mut self, key: ColumnKey, width: Option<usize>) {
        self.widths.retain(|(of, _)| *of != key);
        let width = width.map(|width| (key, bounded(width)));
        self.widths.extend(width);
    }

    /// The choice as it is kept: the name of each changed column, and behind its
    /// width that of each column that was given one.
    pub fn texts(&self, schema: &Schema) -> Vec<String> {
        let changed = self.changed.iter().map(|key| key.text(schema));
        let width = |(key, width): &(ColumnKey, usize)| format!("{width} {}", key.text(schema));
        changed.chain(self.widths.iter().map(width)).collect()
    }

    /// Reads what [`texts`](Self::texts) wrote; unknown columns are left out.
    pub fn parse<'a>(texts: impl Iterator<Item = &'a str>, schema: &Schema) -> Self {
        let mut chosen = Self::default();
        for text in texts {
            let parts = text.split_once(' ');
            let sized = parts.and_then(|(width, name)| Some((width.parse().ok()?, name)));
            let name = sized.map_or(text, |(_, name)| name);
            match (ColumnKey::parse(name, schema), sized) {
                (Some(key), Some((width, _))) => chosen.set_width(key, Some(width)),
                (Some(key), None) => chosen.set(key, !key.is_standard()),
                (None, _) => {}
            }
        }
        chosen
    }
}

/// A width in pixels that a column may have.
pub fn bounded(width: usize) -> usize {
    width.clamp(WIDTHS.0, WIDTHS.1)
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
        chosen.set_width(ColumnKey::Value(1), Some(100));
        chosen.set_width(ColumnKey::Risk, Some(2));
        chosen.set_width(ColumnKey::Value(1), Some(90));
        chosen.set_width(ColumnKey::Reasons, Some(9_000));
        assert_eq!(chosen.width(ColumnKey::Reasons), Some(720));
        chosen.set_width(ColumnKey::Reasons, None);
        assert_eq!(chosen.width(ColumnKey::Reasons), None);
        let texts = chosen.texts(explorer.schema());
        let expected = [
            "value.tenure",
            "weight.tenure",
            "64 risk",
            "90 value.tenure",
        ];
        assert_eq!(texts, expected);
        let read = |text: &str| ChosenColumns::parse(text.lines(), explorer.schema());
        assert_eq!(read(&texts.join("\n")), chosen);
        let unknown = "value.gone\nrisk\n80 value.gone\nwide risk\n-9 risk";
        assert_eq!(read(unknown), ChosenColumns::default());
    }
}

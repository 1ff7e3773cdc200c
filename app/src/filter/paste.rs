//! Many ids at once, as they come from a spreadsheet or a mail.

use churn_core::math::sort_places;

use crate::explorer::Explorer;

/// The customers that a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// Their rows, in order.
    pub rows: Vec<u32>,
    /// What is no id of the data.
    pub unknown: Vec<String>,
}

impl Pasted {
    /// Reads ids with line breaks, tabs, commas or semicolons between them, or
    /// spaces where the ids have none.
    pub fn read(text: &str, explorer: &Explorer) -> Self {
        let mut pasted = Self::default();
        for part in text.split(['\n', '\r', '\t', ',', ';']) {
            let part = part.trim().trim_matches('"');
            match explorer.find(part) {
                Some(row) => pasted.rows.push(row),
                None => {
                    for word in part.split_whitespace() {
                        match explorer.find(word) {
                            Some(row) => pasted.rows.push(row),
                            None => pasted.unknown.push(word.into()),
                        }
                    }
                }
            }
        }
        sort_places(&mut pasted.rows, &|a, b| a.cmp(&b));
        pasted.rows.dedup();
        pasted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    #[test]
    fn ids_may_be_listed_in_many_ways() {
        let explorer = explorer();
        for text in [
            "C-3\nC-30\n",
            "C-30;C-3 , C-3",
            "\"C-3\"\t\"C-30\"",
            " C-3 C-30\r\n",
        ] {
            let pasted = Pasted::read(text, &explorer);
            assert_eq!(pasted.rows, [3, 30], "{text}");
            assert_eq!(pasted.unknown, [""; 0], "{text}");
        }
        let pasted = Pasted::read("id\nC-3\nC-99", &explorer);
        assert_eq!(
            (pasted.rows, pasted.unknown),
            (vec![3], vec!["id".into(), "C-99".into()])
        );
        assert_eq!(Pasted::read(" \n", &explorer), Pasted::default());
    }
}

//! Named edits of one customer, kept by the browser.

use crate::explorer::Explorer;
use crate::fragment::Fragment;
use crate::storage;

/// Edits under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What the user calls it.
    pub name: String,
    /// Changed values by column name, as the address spells them.
    pub edits: Vec<(String, String)>,
}

/// Reads the scenarios of a customer.
pub fn read(explorer: &Explorer, row: u32) -> Vec<Scenario> {
    let text = storage::read(&key(explorer, row)).unwrap_or_default();
    text.lines().map(parse).collect()
}

/// Keeps the scenarios of a customer; says whether there was room.
pub fn write(explorer: &Explorer, row: u32, scenarios: &[Scenario]) -> bool {
    let lines: Vec<String> = scenarios.iter().map(line).collect();
    storage::write(&key(explorer, row), &lines.join("\n"))
}

/// Scenarios belong to the data that they were made on.
fn key(explorer: &Explorer, row: u32) -> String {
    let hash = &explorer.predictor.artefact().training.data_hash;
    format!("scenarios {hash} {}", explorer.id(row as usize))
}

/// A scenario as the address would spell it: its name as the path.
fn line(scenario: &Scenario) -> String {
    let fragment = Fragment {
        path: vec![scenario.name.clone()],
        values: scenario.edits.clone(),
    };
    fragment.text()
}

fn parse(line: &str) -> Scenario {
    let Fragment { path, values } = Fragment::parse(line);
    Scenario {
        name: path.into_iter().next().unwrap_or_default(),
        edits: values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_any_scenario() {
        for name in ["One year", "a/b?c=d\n#e", ""] {
            let scenario = Scenario {
                name: name.into(),
                edits: vec![("Contract".into(), "One year".into())],
            };
            let line = line(&scenario);
            assert!(!line.contains('\n'));
            assert_eq!(parse(&line), scenario);
        }
    }
}

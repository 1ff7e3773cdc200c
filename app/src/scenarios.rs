//! Named edits of one customer, kept by the browser.

use churn_core::session::SavedScenario;

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

/// The scenarios of all customers, for a document.
pub fn all(explorer: &Explorer) -> Vec<SavedScenario> {
    let start = start(explorer);
    let mut all = Vec::new();
    for key in storage::keys() {
        if let Some(customer) = key.strip_prefix(&start) {
            let kept = storage::read(&key).unwrap_or_default();
            all.extend(kept.lines().map(|line| SavedScenario {
                customer: customer.into(),
                scenario: line.into(),
            }));
        }
    }
    all
}

/// Keeps the scenarios of a document, too; those of unknown customers are left
/// out.
pub fn add(explorer: &Explorer, saved: &[SavedScenario]) {
    for SavedScenario { customer, scenario } in saved {
        if let Some(row) = explorer.find(customer) {
            let (mut kept, scenario) = (read(explorer, row), parse(scenario));
            if !kept.contains(&scenario) {
                kept.push(scenario);
                write(explorer, row, &kept);
            }
        }
    }
}

fn key(explorer: &Explorer, row: u32) -> String {
    start(explorer) + explorer.id(row as usize)
}

/// Scenarios belong to the data that they were made on.
fn start(explorer: &Explorer) -> String {
    let hash = &explorer.predictor.artefact().training.data_hash;
    format!("scenarios {hash} ")
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

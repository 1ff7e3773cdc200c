//! What there is: customers, columns, and the rows that could not be read.

use churn_core::dataset::RowIssue;
use churn_core::exploration::Outcomes;
use leptos::prelude::*;

use super::Explored;
use crate::exploration::{Exploration, FINE, Groups};
use crate::explorer::Explorer;
use crate::markup::escaped;
use crate::state::State;
use crate::view::chart::table_markup;
use crate::view::folded_table::FoldedTable;
use crate::view::wide_table;
use crate::{number, text};

/// Most issues that are listed; the counts by kind are of all.
const MOST_ISSUES: usize = 200;

/// Counts of the cohort, its columns, and what reading the file found.
#[component]
pub fn Facts(explored: Explored) -> impl IntoView {
    let state = expect_context::<State>();
    let facts = Signal::derive(move || {
        let rows = state.cohort_rows.get();
        explored.with(|exploration| facts(exploration, &rows))
    });
    let columns = Signal::derive(move || {
        let rows = explored.with(columns);
        table_markup(&text::COLUMN_HEADS, &rows)
    });
    let explorer = state.explorer();
    let issues = (!explorer.issues.is_empty()).then(|| {
        let rows = issue_rows(&explorer.issues);
        let markup = Signal::stored(table_markup(&text::ISSUE_HEADS, &rows));
        let help = text::issues_help(explorer.issues.len(), MOST_ISSUES);
        let kinds = table_markup(&text::KIND_HEADS, &kinds(&explorer.issues));
        view! {
            <FoldedTable name="issues" title=text::ISSUES help markup>
                {wide_table(None, text::ISSUES, Signal::stored(kinds))}
            </FoldedTable>
        }
    });
    let said = text::reading(&explorer.issues, &explorer.left_out);
    view! {
        <section aria-labelledby="facts-title">
            <h2 id="facts-title">{text::WHAT_IS_IN_IT}</h2>
            <dl class="figures facts" inner_html=facts></dl>
            <p class="muted">{said}</p>
            {issues}
            <FoldedTable name="columns" title=text::COLUMNS_TITLE help=text::COLUMNS_HELP markup=columns />
        </section>
    }
}

/// The counts of some customers, as the inside of a list.
fn facts(exploration: &Exploration, rows: &[u32]) -> String {
    let explorer = &exploration.explorer;
    let total = exploration.total;
    let mut out = String::new();
    let mut say = |name: &str, figure: String, help: String| {
        out += &format!(
            "<div><dt>{name}</dt><dd><output>{figure}</output><p class=\"muted\">{}</p></dd></div>",
            escaped(&help)
        );
    };
    let all = explorer.rows();
    let of_all = text::part_of_all(rows.len(), all);
    say(text::CUSTOMERS, number::count(rows.len()), of_all);
    if let Some(rate) = total.rate() {
        let help = text::rate_help(total.left, total.interval());
        say(text::LEFT, text::exact_percent(rate), help);
    }
    if explorer.has_outcomes() {
        let unknown = total.rows - total.known();
        let help = text::unknown_outcomes(unknown);
        say(text::STAYED, text::rows(total.stayed), help);
    }
    let filled = rows
        .iter()
        .filter(|row| explorer.is_imputed(**row as usize));
    let lacking: Vec<&str> = (0..explorer.schema().features.len())
        .filter(|&feature| exploration.missing(feature) > 0)
        .map(|feature| explorer.label(feature))
        .collect();
    let help = text::lacking(&lacking);
    say(text::INCOMPLETE, number::count(filled.count()), help);
    out
}

/// Every column: what it holds, in a line.
fn columns(exploration: &Exploration) -> Vec<Vec<String>> {
    let explorer = &exploration.explorer;
    let column = |&feature: &usize| {
        let holds = match exploration.box_plot(feature, None) {
            Some(plot) => {
                let text = |x| explorer.text(feature, churn_core::Value::Number(x));
                let (low, high) = explorer.range(feature);
                text::numbers_held(&text(low), &text(plot.median), &text(high))
            }
            None => {
                let groups = Groups::of(explorer, feature, FINE);
                levels_held(explorer, &groups, &exploration.counts(&groups))
            }
        };
        let strength = &exploration.strengths[feature];
        vec![
            explorer.label(feature).to_owned(),
            number::with_unit(&holds, None),
            number::count(exploration.missing(feature)),
            text::strength(strength),
            explorer.help(feature).unwrap_or_default().to_owned(),
        ]
    };
    exploration.order.iter().map(column).collect()
}

/// The most frequent level, and how many there are.
fn levels_held(explorer: &Explorer, groups: &Groups, counts: &[Outcomes]) -> String {
    let most = (0..counts.len()).max_by_key(|&place| counts[place].rows);
    let most = most.map(|place| groups.text(explorer, place));
    text::levels_held(counts.len(), &most.unwrap_or_default())
}

/// The issues, line by line.
fn issue_rows(issues: &[RowIssue]) -> Vec<Vec<String>> {
    let row = |issue: &RowIssue| {
        vec![
            number::count(issue.line as usize),
            issue.column.clone().unwrap_or_default(),
            issue.expected.clone(),
            issue.got.clone(),
        ]
    };
    issues.iter().take(MOST_ISSUES).map(row).collect()
}

/// The issues by what was expected where: how many of each.
fn kinds(issues: &[RowIssue]) -> Vec<Vec<String>> {
    let mut kinds: Vec<(&RowIssue, usize)> = Vec::new();
    for issue in issues {
        let same = |(kind, _): &&mut (&RowIssue, usize)| {
            (&kind.column, &kind.expected) == (&issue.column, &issue.expected)
        };
        match kinds.iter_mut().find(same) {
            Some((_, number)) => *number += 1,
            None => kinds.push((issue, 1)),
        }
    }
    let row = |(kind, number): (&RowIssue, usize)| {
        vec![
            kind.column.clone().unwrap_or_default(),
            kind.expected.clone(),
            number::count(number),
        ]
    };
    kinds.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issues_are_counted_by_kind_and_listed_by_line() {
        let issue = |line, column: &str, got: &str| RowIssue {
            line,
            column: Some(column.into()),
            expected: "a number".into(),
            got: got.into(),
        };
        let issues = [
            issue(2, "tenure", "'n/a'"),
            issue(5, "charges", "nothing"),
            issue(1402, "tenure", "'?'"),
        ];
        assert_eq!(
            kinds(&issues),
            [["tenure", "a number", "2"], ["charges", "a number", "1"]]
        );
        assert_eq!(
            issue_rows(&issues)[2],
            ["1,402", "tenure", "a number", "'?'"]
        );
    }
}

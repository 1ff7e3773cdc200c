//! What opens over the pages.

use leptos::prelude::*;

use super::cohort_menu::CohortSheet;
use super::column_filter::FilterSheet;
use super::query_help::QueryExamples;

/// What opens below a button.
#[derive(Clone, Copy, Debug)]
pub enum Sheet {
    /// The cohorts that are kept.
    Cohorts,
    /// The filter of a column.
    Filter,
    /// How to write a query.
    QueryHelp,
}

impl Sheet {
    /// What it holds.
    pub fn draw(self) -> AnyView {
        match self {
            Self::Cohorts => view! { <CohortSheet /> }.into_any(),
            Self::Filter => view! { <FilterSheet /> }.into_any(),
            Self::QueryHelp => view! { <QueryExamples /> }.into_any(),
        }
    }
}

//! The builds of a model and their history, as markup.

use churn_core::registry::{Builds, History};

use super::chart::table_markup;
use crate::markup::escaped;
use crate::{page, text};

/// First characters of a hash that tell builds apart.
const SHORT: usize = 12;

/// Builds, the newest first, each with a button that lets it answer.
pub fn builds(told: &Builds, may_change: bool) -> String {
    let mut out = table_markup(&text::BUILD_HEADS, &[]);
    for build in told.builds.iter().rev() {
        let state = match () {
            () if build.is_champion() => text::ANSWERS.to_owned(),
            () if build.deleted => text::DELETED.to_owned(),
            () if may_change => format!(
                "<button class=\"button\" data-version=\"{0}\">{1}</button>",
                build.version,
                text::LET_ANSWER
            ),
            () => String::new(),
        };
        out += &format!(
            "<tr><th scope=\"row\">{}<td>{}<td>{}<td><code>{}</code><td>{state}",
            build.version,
            escaped(&build.aliases.join(", ")),
            page::moment(build.built_ms),
            build.sha256.get(..SHORT).unwrap_or_default(),
        );
    }
    out
}

/// Which build answered when, the newest first.
pub fn history(told: &History) -> String {
    let rows = told.deployments.iter().rev().map(|served| {
        let until = served
            .until_ms
            .map_or_else(|| text::NOW.into(), page::moment);
        let how = match served.restores {
            Some(_) => text::ROLLED_BACK,
            None => "",
        };
        vec![
            served.version.to_string(),
            page::moment(served.from_ms),
            until,
            how.to_owned(),
        ]
    });
    table_markup(&text::HISTORY_HEADS, &rows.collect::<Vec<_>>())
}

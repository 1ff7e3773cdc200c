//! The ranks of the columns that the table was or will be sorted by.

use std::sync::Arc;
use std::time::Duration;

use churn_core::Method;
use churn_core::ranks::Ranks;
use leptos::prelude::*;

use crate::column_key::ColumnKey;
use crate::explorer::Explorer;
use crate::ranks;
use crate::reactive::StoredValue;

/// Columns whose ranks are kept; each takes four bytes per customer.
const MOST: usize = 40;
/// Time between two columns that are ranked ahead.
const BREATH: Duration = Duration::from_millis(40);

/// Columns that were ranked.
pub type KnownRanks = StoredValue<Vec<(ColumnKey, Method, Arc<Ranks>)>>;

/// Ranks the columns that are shown at first, one after the other while nothing
/// else is to be done, so that the first sort by one is as quick as the next.
pub fn rank_ahead(known: KnownRanks, explorer: Arc<Explorer>, mut columns: Vec<ColumnKey>) {
    columns.retain(|&key| key.is_standard() && key != ColumnKey::Star);
    columns.truncate(MOST);
    let Some(&key) = columns.first() else {
        return;
    };
    set_timeout(
        move || {
            ranks_of(known, &explorer, key, Method::Exact);
            columns.remove(0);
            rank_ahead(known, explorer, columns);
        },
        BREATH,
    );
}

/// The ranks of a column, computed at the first sort by it and kept for the
/// next ones.
pub fn ranks_of(
    known: KnownRanks,
    explorer: &Explorer,
    key: ColumnKey,
    method: Method,
) -> Arc<Ranks> {
    let found = known.with_value(|known| {
        let mut known = known.iter();
        let found = known.find(|(column, by, _)| (*column, *by) == (key, method));
        found.map(|(_, _, ranks)| Arc::clone(ranks))
    });
    found.unwrap_or_else(|| {
        let ranks = Arc::new(ranks::ranks(explorer, key, method));
        known.update_value(|known| {
            if known.len() == MOST {
                known.remove(0);
            }
            known.push((key, method, Arc::clone(&ranks)));
        });
        ranks
    })
}

//! `churn prune`: what is too old is erased.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use churn_core::Result;
use clap::Args;
use tokio::time::sleep;

use super::data::DataArgs;
use super::erase::{finish, tell};
use crate::api::{Api, off_the_loop};
use crate::clock::{DAY_MS, now_ms};
use crate::error::ApiResult;
use crate::store::erasure::{Erased, PAUSE, prune};

/// How long until a server looks again for what has become too old.
const AGAIN: Duration = Duration::from_secs(600);

/// Erases predictions that are older than some days, with all that was said of
/// them, what still waits for a prediction since then, and aggregates that ended
/// then. The server may be running; `churn serve --retention-days` does it all the
/// time.
#[derive(Debug, Args)]
pub struct PruneArgs {
    /// How old, by the time of the prediction or of the aggregate's end
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36_500))]
    older_than_days: i64,

    #[command(flatten)]
    data: DataArgs,
}

pub(super) fn run(args: &PruneArgs) -> Result<()> {
    let mut connection = args.data.existing()?.open()?;
    let before_ms = now_ms() - args.older_than_days * DAY_MS;
    let mut erased = Erased::default();
    while let Some(more) = prune(&mut connection, before_ms)? {
        erased.add(more);
        // A server that runs has its turn.
        thread::sleep(PAUSE);
    }
    finish(&mut connection, &erased)
}

/// Erases what becomes too old, batch by batch among the other writes.
pub(super) async fn keep_pruned(api: Arc<Api>, days: i64) {
    loop {
        match prune_once(&api, now_ms() - days * DAY_MS).await {
            Ok(erased) if erased.is_nothing() => {}
            Ok(erased) => tracing::info!("by age: {}", tell(&erased)),
            Err(error) => {
                let reason = error.internal.unwrap_or_default();
                tracing::error!(reason, "what is too old cannot be erased");
            }
        }
        sleep(AGAIN).await;
    }
}

async fn prune_once(api: &Arc<Api>, before_ms: i64) -> ApiResult<Erased> {
    let mut erased = Erased::default();
    loop {
        let old = off_the_loop({
            let api = Arc::clone(api);
            move || api.store.outdated(before_ms)
        });
        let old = old.await??;
        if old.is_empty() {
            break;
        }
        erased.add(api.store.erase_outdated(old, before_ms).await?);
        sleep(PAUSE).await;
    }
    loop {
        let more = api.store.erase_outdated_aggregates(before_ms).await?;
        if more.is_nothing() {
            return Ok(erased);
        }
        erased.add(more);
        sleep(PAUSE).await;
    }
}

//! `churn serve`: the page for the browser, and the API.

use std::env::{self, current_exe};
use std::io;
use std::net::SocketAddr;
use std::path::{PathBuf, absolute};
use std::sync::Arc;

use churn_core::{Error, ErrorCode, Result};
use clap::Args;
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::admission::Admission;
use super::data::TablesArgs;
use super::log::Log;
use super::{deploy, prune};
use crate::api::{Api, off_the_loop};
use crate::auth::{self, REFRESH, Role};
use crate::guard::Guard;
use crate::interrupt::Signals;
use crate::job::child::Launcher;
use crate::job::scheduler::Scheduler;
use crate::lineage::Gatherer;
use crate::rate::{FORGETTING, Limiter};
use crate::retraining::webhook::Webhook;
use crate::router::router;
use crate::session::Sessions;
use crate::store::outbox::Peer;
use crate::store::{Connection, Place, Store, StoreError, keys};
use crate::table::folder::TableFolder;
use crate::telemetry::Telemetry;
use crate::telling::Sender;
use crate::terminal::say;
use crate::{connection, site};

/// Holds the secret of the webhook.
const SECRET: &str = "CHURN_WEBHOOK_SECRET";

/// Where the data are kept when a model is given and no folder.
const DATA: &str = "churn-data";

/// Serves the page and the API until interrupted.
///
/// With --data-dir, --database-url or --model there is an API: it answers for
/// what is deployed there (with --model alone, in the folder churn-data), and
/// records every prediction there before it is sent.
/// The first start prints an admin key; `churn key` makes more.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    addr: String,

    /// Folder of the built page, from `cargo xtask build --static`
    #[arg(long = "static", value_name = "FOLDER")]
    folder: Option<PathBuf>,

    /// Model document to deploy first, unless it is what is deployed
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,

    #[command(flatten)]
    tables: TablesArgs,

    /// Erase predictions, with all that was said of them, and aggregates when they
    /// are so old
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36_500))]
    retention_days: Option<i64>,

    /// Tell this address of rules that are broken and of models trained anew, signed
    /// with the secret in CHURN_WEBHOOK_SECRET
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,

    /// Ask for no key; on a loopback address only
    #[arg(long)]
    open: bool,

    /// Tell a server of OpenLineage, such as http://127.0.0.1:5000, what came from
    /// what, as it happens. One that cannot be reached holds nothing up
    #[arg(long, value_name = "URL")]
    openlineage_url: Option<String>,

    #[command(flatten)]
    admission: Admission,

    #[command(flatten)]
    log: Log,
}

pub(super) fn run(args: &ServeArgs) -> Result<()> {
    if let Some(folder) = &args.folder {
        site::check(folder)?;
    }
    let webhook = args.webhook.as_ref();
    let webhook = webhook.map(|url| Webhook::new(url, SECRET, env::var(SECRET).ok()));
    let webhook = webhook.transpose()?;
    args.log.start();
    let telemetry = Arc::new(Telemetry::default());
    let place = args
        .tables
        .data
        .made_or(args.model.as_ref().map(|_| DATA))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime =
        runtime.map_err(|error| Error::new(ErrorCode::Io, format!("cannot start: {error}")))?;
    let (listener, address) = runtime.block_on(listen(args))?;
    let api = match place {
        Some(place) => Some(prepare(args, place, &telemetry)?),
        None => None,
    };
    if let (Some(api), Some(webhook)) = (&api, webhook) {
        runtime.spawn(webhook.keep_telling(Arc::clone(api)));
    }
    let scheduler = match &api {
        Some(api) => {
            let launcher = launcher(args, api.store.place())?;
            let runtime = runtime.handle().clone();
            Some(Scheduler::start(Arc::clone(api), runtime, launcher)?)
        }
        None => None,
    };
    // What cannot be told until the end is told the next time.
    let _telling = telling(args, api.as_deref())?;
    let served = runtime.block_on(serve(args, listener, address, api.as_ref(), telemetry));
    scheduler.iter().for_each(Scheduler::stop);
    let Some(api) = &api else { return served };
    api.store.close();
    // Whoever runs the server has to look at the disk.
    match api.store.trouble() {
        Some(refused @ StoreError::Refused(_)) => {
            Err(Error::new(ErrorCode::Io, refused.to_string()))
        }
        _ => served,
    }
}

/// Opens the place of the data and keeps other servers out.
fn prepare(args: &ServeArgs, place: Place, telemetry: &Arc<Telemetry>) -> Result<Arc<Api>> {
    let (mut connection, lock) = place.take()?;
    if let Some(model) = &args.model {
        deploy::deploy(&mut connection, model, None, false)?;
    }
    if !args.open {
        give_first_key(&mut connection)?;
    }
    let tables = args.tables.folder(&place);
    tables.iter().for_each(TableFolder::clear_uploads);
    let store = Store::start(place, (connection, lock), telemetry)?;
    let api = Api {
        sessions: Sessions::new(args.admission.behind_tls),
        limiter: Limiter::new(args.admission.rate(args.open)),
        patience: args.admission.patience(),
        bulk_limit: args.admission.bulk_limit(),
        most_active: args.admission.most_active,
        tables,
        ..Api::new(store, args.open, Arc::clone(telemetry))
    };
    refresh(&api)?;
    Ok(Arc::new(api))
}

/// How jobs are begun.
fn launcher(args: &ServeArgs, place: &Place) -> Result<Launcher> {
    let cannot = |error: io::Error| Error::new(ErrorCode::Io, format!("cannot start: {error}"));
    let data_dir = match place {
        Place::Folder(folder) => Some(absolute(folder.path()).map_err(cannot)?),
        Place::Server(_) => None,
    };
    let tables = args.tables.tables.as_ref();
    Ok(Launcher {
        program: current_exe().map_err(cannot)?,
        database_url: args.tables.data.url().filter(|_| data_dir.is_none()),
        data_dir,
        tables: tables.map(absolute).transpose().map_err(cannot)?,
    })
}

/// Begins to tell a server of OpenLineage, if one is said.
fn telling(args: &ServeArgs, api: Option<&Api>) -> Result<Option<Sender>> {
    let Some(url) = &args.openlineage_url else {
        return Ok(None);
    };
    let Some(api) = api else {
        let expected = "--data-dir, --database-url or --model with it";
        let error = Error::mismatch(ErrorCode::Parameter, expected, "none of them");
        return Err(error.in_field("--openlineage-url"));
    };
    let mut gatherer = Gatherer::new(url, api.tables.clone());
    let mut is_failing = false;
    let gather = move |place: &Place| {
        let gathered = gatherer.gather(place);
        if let (Err(error), false) = (&gathered, is_failing) {
            tracing::error!(%error, "what came from what cannot be told");
        }
        is_failing = gathered.is_err();
        gathered
    };
    let place = api.store.place().clone();
    Sender::start(place, Peer::OpenLineage, url, gather).map(Some)
}

/// Makes an admin key where there are none at all.
fn give_first_key(connection: &mut Connection) -> Result<()> {
    if !keys::all(connection)?.is_empty() {
        return Ok(());
    }
    let key = auth::new_key();
    let role = Role::Admin.to_string();
    keys::add(connection, "first", &role, &auth::hash(&key), None)?;
    say(format_args!("admin key, shown this once: {key}"));
    Ok(())
}

/// Takes up deployments and keys.
fn refresh(api: &Api) -> Result<()> {
    let unreadable = |error: StoreError| Error::new(ErrorCode::Io, error.to_string());
    api.keyring.set(api.store.keys().map_err(unreadable)?);
    for model in api.fleet.refresh(&api.store, &api.telemetry)? {
        tracing::info!(model, "answers from now on");
    }
    Ok(())
}

async fn listen(args: &ServeArgs) -> Result<(TcpListener, SocketAddr)> {
    let cannot_listen = |error: io::Error| cannot_listen(&args.addr, &error);
    let listener = TcpListener::bind(&args.addr).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    if args.open && !address.ip().is_loopback() {
        let message = format!(
            "--open lets everybody in who can reach {address}: it is for loopback addresses only"
        );
        return Err(Error::new(ErrorCode::Parameter, message));
    }
    Ok((listener, address))
}

async fn serve(
    args: &ServeArgs,
    listener: TcpListener,
    address: SocketAddr,
    api: Option<&Arc<Api>>,
    telemetry: Arc<Telemetry>,
) -> Result<()> {
    let mut gently = Signals::listen().map_err(|error| stopped(&error))?;
    let mut at_once = Signals::listen().map_err(|error| stopped(&error))?;
    if let Some(api) = api {
        tokio::spawn(keep_fresh(Arc::clone(api)));
        tokio::spawn(forget_callers(Arc::clone(api)));
        tokio::spawn(keep_watch(Arc::clone(api)));
        if let Some(days) = args.retention_days {
            tokio::spawn(prune::keep_pruned(Arc::clone(api), days));
        }
        if args.open {
            say("open: everybody on this machine can use the API, without a key");
        }
    }
    say(format_args!("listening on http://{address}/"));
    let guard = Arc::new(Guard::new(args.admission.origins(), telemetry));
    let router = router(args.folder.as_deref(), api, guard);
    let patience = args.admission.patience();
    let server = connection::serve(listener, router, patience, async move {
        gently.next().await;
    });
    // The first signal lets answers under way end, the second does not.
    let second_signal = async {
        at_once.next().await;
        at_once.next().await;
    };
    tokio::select! {
        () = server => Ok(()),
        () = second_signal => Ok(()),
    }
}

async fn keep_fresh(api: Arc<Api>) {
    let mut is_failing = false;
    loop {
        sleep(REFRESH).await;
        let refreshed = off_the_loop({
            let api = Arc::clone(&api);
            move || refresh(&api)
        });
        let failure = refreshed.await.ok().and_then(Result::err);
        if let (Some(error), false) = (&failure, is_failing) {
            let reason = error.to_string();
            tracing::error!(reason, "deployments and keys cannot be read");
        }
        is_failing = failure.is_some();
    }
}

async fn forget_callers(api: Arc<Api>) {
    loop {
        sleep(FORGETTING).await;
        api.limiter.forget();
    }
}

/// Sums up what is recorded as it comes, so that who asks need not wait.
async fn keep_watch(api: Arc<Api>) {
    let mut is_failing = false;
    loop {
        api.monitor.sample_traffic(api.telemetry.requests());
        let watched = off_the_loop({
            let api = Arc::clone(&api);
            move || api.monitor.catch_up(&api)
        });
        let failure = watched.await.and_then(|watched| watched).err();
        if let (Some(error), false) = (&failure, is_failing) {
            let reason = error.internal.as_deref().unwrap_or(&error.message);
            tracing::error!(reason, "what is recorded cannot be summed up");
        }
        is_failing = failure.is_some();
        sleep(REFRESH).await;
    }
}

fn stopped(error: &io::Error) -> Error {
    Error::new(ErrorCode::Io, format!("the server stopped: {error}"))
}

fn cannot_listen(addr: &str, error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("cannot listen on {addr}: the port is taken; choose another with --addr")
        }
        _ => format!("cannot listen on {addr}: {error}"),
    };
    Error::new(ErrorCode::Io, message)
}

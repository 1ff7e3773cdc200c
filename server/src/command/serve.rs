//! `churn serve`: the page for the browser, and the API.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use churn_core::{Error, ErrorCode, Result};
use clap::Args;
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::admission::Admission;
use super::deploy;
use super::log::Log;
use crate::api::{Api, off_the_loop};
use crate::auth::{self, REFRESH, Role};
use crate::guard::Guard;
use crate::interrupt::Signals;
use crate::rate::{FORGETTING, Limiter};
use crate::router::router;
use crate::session::Sessions;
use crate::store::folder::Lock;
use crate::store::{Folder, Store, database, keys};
use crate::telemetry::Telemetry;
use crate::terminal::say;
use crate::{connection, site};

/// Where the data are kept when a model is given and no folder.
const DATA: &str = "churn-data";

/// Serves the page and the API until interrupted.
///
/// With --data-dir or --model there is an API: it answers for what is deployed
/// in the data folder, and records every prediction there before it is sent.
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

    /// Folder of the data, made if it is missing [with --model: churn-data]
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,

    /// Ask for no key; on a loopback address only
    #[arg(long)]
    open: bool,

    #[command(flatten)]
    admission: Admission,

    #[command(flatten)]
    log: Log,
}

pub(super) fn run(args: &ServeArgs) -> Result<()> {
    if let Some(folder) = &args.folder {
        site::check(folder)?;
    }
    args.log.start();
    let telemetry = Arc::new(Telemetry::default());
    let data = args
        .data_dir
        .clone()
        .or(args.model.as_ref().map(|_| DATA.into()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime =
        runtime.map_err(|error| Error::new(ErrorCode::Io, format!("cannot start: {error}")))?;
    let (listener, address) = runtime.block_on(listen(args))?;
    let prepared = match data {
        Some(data) => Some(prepare(args, &data, &telemetry)?),
        None => None,
    };
    let api = prepared.as_ref().map(|(api, _)| api);
    let served = runtime.block_on(serve(args, listener, address, api, telemetry));
    if let Some((api, _lock)) = &prepared {
        api.store.close();
    }
    served
}

/// Opens the data folder, with the lock that keeps other servers out.
fn prepare(
    args: &ServeArgs,
    data: &std::path::Path,
    telemetry: &Arc<Telemetry>,
) -> Result<(Arc<Api>, Lock)> {
    let folder = Folder::open(data)?;
    let lock = folder.lock()?;
    let mut connection = database::open(&folder)?;
    if let Some(model) = &args.model {
        deploy::deploy(&mut connection, model, None, false)?;
    }
    if !args.open {
        give_first_key(&connection)?;
    }
    drop(connection);
    let store = Store::open(&folder, telemetry)?;
    let api = Api {
        sessions: Sessions::new(args.admission.behind_tls),
        limiter: Limiter::new(args.admission.rate(args.open)),
        patience: args.admission.patience(),
        most_active: args.admission.most_active,
        ..Api::new(store, args.open, Arc::clone(telemetry))
    };
    refresh(&api)?;
    Ok((Arc::new(api), lock))
}

/// Makes an admin key where there are none at all.
fn give_first_key(connection: &rusqlite::Connection) -> Result<()> {
    let failed = |error: rusqlite::Error| Error::new(ErrorCode::Io, error.to_string());
    if !keys::all(connection).map_err(failed)?.is_empty() {
        return Ok(());
    }
    let key = auth::new_key();
    let role = Role::Admin.to_string();
    keys::add(connection, "first", &role, &auth::hash(&key), None).map_err(failed)?;
    say(format_args!("admin key, shown this once: {key}"));
    Ok(())
}

/// Takes up deployments and keys.
fn refresh(api: &Api) -> Result<()> {
    let unreadable = |error: crate::store::StoreError| Error::new(ErrorCode::Io, error.to_string());
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

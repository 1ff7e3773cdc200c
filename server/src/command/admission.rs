//! Options of `churn serve`: who is let in, how often, how slowly and how much
//! they may ask.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::HeaderValue;
use clap::Args;

use crate::origin::{self, Origins};

/// Requests per second of a caller, where keys are asked for: more than anybody
/// has customers, and less than two cores record, so that some is left for others.
const RATE: u32 = 20_000;

/// Who is let in, how often, how slowly and how much they may ask.
#[derive(Debug, Args)]
pub(super) struct Admission {
    /// Another name that the server is called by, besides numeric addresses and
    /// localhost; can be given more than once
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,

    /// Another site whose page may use the API, with a key of its own, as in
    /// `https://shop.example`; can be given more than once
    #[arg(long, value_name = "ORIGIN", value_parser = origin::exact)]
    cors_origin: Vec<HeaderValue>,

    /// Browsers reach the server by HTTPS, through a proxy that passes Host on:
    /// the page's cookie is for HTTPS only
    #[arg(long)]
    pub behind_tls: bool,

    /// Most requests per second of a key, or of an address without a good key;
    /// 0: any number [20000, with --open any number]
    #[arg(long, value_name = "COUNT")]
    rate: Option<u32>,

    /// Seconds after which a client is cut off that sends or takes nothing
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,

    /// Most megabytes of ground truth in one bulk; any other request has at most 5
    #[arg(long, value_name = "MEGABYTES", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    bulk_limit: u32,

    /// Predictions under way from which on more are sent away as busy
    #[arg(long, value_name = "COUNT", default_value_t = 800)]
    pub most_active: u32,
}

impl Admission {
    /// Names and pages that the server knows.
    pub fn origins(&self) -> Origins {
        Origins {
            hosts: self.host.clone(),
            others: self.cors_origin.clone(),
        }
    }

    /// Most requests per second of a caller. An open server is one's own, and
    /// all its callers are at one address.
    pub fn rate(&self, is_open: bool) -> Option<NonZeroU32> {
        let usual = if is_open { 0 } else { RATE };
        NonZeroU32::new(self.rate.unwrap_or(usual))
    }

    /// Most bytes of a bulk of labels.
    pub fn bulk_limit(&self) -> u64 {
        u64::from(self.bulk_limit) * 1_000_000
    }

    /// How long a client may be silent that is to send or to take something.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }
}

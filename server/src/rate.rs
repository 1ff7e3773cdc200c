//! How many requests a caller may send: every key has its own share, and who has
//! no good key shares that of their address.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::StatusCode;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{ApiError, ApiResult};

/// How often callers are forgotten who have all of their share again. A share is
/// whole after a second of silence, so that what is kept is what was heard of
/// between two times.
pub const FORGETTING: Duration = Duration::from_secs(10);

/// Bits of an address of IPv6 that tell one network from another. The rest is
/// its owner's to choose: each of them would be a share of its own.
const NETWORK: u32 = 64;

/// Whose share a request takes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whom {
    /// A key, by its number in the store.
    Key(i64),
    /// An address, or the network of one.
    Address(IpAddr),
}

impl Whom {
    /// Whom an address stands for.
    pub fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = !0 << (Ipv6Addr::BITS - NETWORK);
                Ipv6Addr::from_bits(address.to_bits() & network).into()
            }
            address => address,
        })
    }
}

/// The shares.
#[derive(Debug)]
pub struct Limiter(Option<DefaultKeyedRateLimiter<Whom>>);

impl Limiter {
    /// So many requests per second for each caller, and so many at once; without
    /// a number there is no limit.
    pub fn new(per_second: Option<NonZeroU32>) -> Self {
        Self(per_second.map(|count| RateLimiter::dashmap(Quota::per_second(count))))
    }

    /// Takes one request from a share.
    ///
    /// # Errors
    /// When nothing is left of it.
    pub fn take(&self, whom: Whom) -> ApiResult<()> {
        let Some(shares) = &self.0 else {
            return Ok(());
        };
        shares.check_key(&whom).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
            ApiError {
                retry_after: Some(seconds.saturating_add(1)),
                ..ApiError::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "rate.limit",
                    "more requests than this server takes of one caller; try again later",
                )
            }
        })
    }

    /// Forgets callers who have all of their share.
    pub fn forget(&self) {
        if let Some(shares) = &self.0 {
            shares.retain_recent();
            shares.shrink_to_fit();
        }
    }

    /// Callers who are remembered.
    pub fn callers(&self) -> usize {
        self.0.as_ref().map_or(0, RateLimiter::len)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn everybody_has_a_share_and_is_forgotten() {
        let limiter = Limiter::new(NonZeroU32::new(1000));
        for key in 0..500 {
            assert_eq!(limiter.take(Whom::Key(key)), Ok(()));
        }
        assert_eq!(limiter.callers(), 500);
        thread::sleep(Duration::from_millis(1200));
        limiter.forget();
        assert_eq!(limiter.callers(), 0);
    }

    #[test]
    fn who_asks_for_more_has_to_wait() {
        let limiter = Limiter::new(NonZeroU32::new(2));
        let whom = Whom::Key(1);
        let taken = (0..10).filter(|_| limiter.take(whom).is_ok()).count();
        assert!((2..10).contains(&taken), "{taken}");
        let refused = limiter.take(whom).err().and_then(|error| error.retry_after);
        assert!(refused.is_none_or(|seconds| seconds == 1), "{refused:?}");
        assert_eq!(limiter.take(Whom::Key(2)), Ok(()));
        let none = Limiter::new(None);
        assert!((0..10_000).all(|_| none.take(whom).is_ok()));
    }

    #[test]
    fn a_network_is_one_caller() {
        let whom = |address: &str| address.parse().map(Whom::at);
        assert_eq!(whom("2001:db8::1"), whom("2001:db8::ffff:1"));
        assert_ne!(whom("2001:db8::1"), whom("2001:db8:0:1::1"));
        assert_eq!(whom("::ffff:192.0.2.7"), whom("192.0.2.7"));
        assert_ne!(whom("192.0.2.7"), whom("192.0.2.8"));
    }
}

//! What a tenant knows and remembers.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use export_validator::{Edition, Validator};
use jiff::Timestamp;

use crate::credentials::Credentials;
use crate::documented::Documented;
use crate::fault::Faults;
use crate::random::Random;
use crate::store::Store;
use crate::world::World;
use crate::{Exchange, Operation, Options, TenantClock};

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) clock: TenantClock,
    pub(crate) seed: u64,
    pub(crate) strict_offset: bool,
    pub(crate) world: World,
    pub(crate) list: Documented,
    pub(crate) export: Documented,
    v3: Validator,
    v2024: Validator,
    state: Mutex<State>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) credentials: Credentials,
    pub(crate) faults: Faults,
    pub(crate) exchanges: Vec<Exchange>,
    random: Random,
    limit: Option<Limit>,
}

impl Shared {
    pub(crate) fn new(options: &Options) -> Result<Self, serde_yaml::Error> {
        let world = World::new(options.seed);
        let store = Store::made_up(&world, options.seed, options.profiles);
        let mut random = Random::new(options.seed.rotate_left(32));
        let credentials = Credentials::new(
            options.clients.clone(),
            options.token_lifetime,
            Random::new(random.next()),
        );
        Ok(Self {
            clock: options.clock.clone(),
            seed: options.seed,
            strict_offset: options.strict_offset,
            world,
            list: Documented::of(Operation::List)?,
            export: Documented::of(Operation::Export)?,
            v3: Validator::new(Edition::V3),
            v2024: Validator::new(Edition::V2024),
            state: Mutex::new(State {
                store,
                credentials,
                faults: Faults::default(),
                exchanges: Vec::new(),
                random,
                limit: options.rate_limit.map(|(requests, time)| Limit {
                    requests,
                    time,
                    recent: VecDeque::new(),
                }),
            }),
        })
    }

    pub(crate) fn validator(&self, edition: Edition) -> &Validator {
        match edition {
            Edition::V2024 => &self.v2024,
            _ => &self.v3,
        }
    }

    /// A panic of a test that holds the lock must not hide behind another one here.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// An id for one answer.
    pub(crate) fn tracking_id(&mut self) -> String {
        self.random.id()
    }

    /// Counts a request; how many seconds to wait, if there were too many.
    pub(crate) fn count_request(&mut self, now: Timestamp) -> Option<u64> {
        self.limit.as_mut()?.count(now)
    }
}

/// So many requests in any such time.
#[derive(Debug)]
struct Limit {
    requests: usize,
    time: Duration,
    recent: VecDeque<Timestamp>,
}

impl Limit {
    fn count(&mut self, now: Timestamp) -> Option<u64> {
        let age = |then: Timestamp| now.duration_since(then).unsigned_abs();
        while self
            .recent
            .front()
            .is_some_and(|then| age(*then) >= self.time)
        {
            self.recent.pop_front();
        }
        if self.recent.len() < self.requests {
            self.recent.push_back(now);
            return None;
        }
        let oldest = self.recent.front().copied().unwrap_or(now);
        let wait = self.time.saturating_sub(age(oldest));
        Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::after;

    #[test]
    fn requests_beyond_the_limit_wait_until_the_oldest_is_out() {
        let mut limit = Limit {
            requests: 2,
            time: Duration::from_secs(10),
            recent: VecDeque::new(),
        };
        let at = |seconds| after(Timestamp::UNIX_EPOCH, Duration::from_secs(seconds));
        assert_eq!(limit.count(at(0)), None);
        assert_eq!(limit.count(at(4)), None);
        assert_eq!(limit.count(at(5)), Some(5));
        assert_eq!(limit.count(at(10)), None);
        assert_eq!(limit.count(at(11)), Some(3));
    }
}

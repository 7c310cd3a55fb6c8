//! What is the same in every run: countries, accounts, time, ids and secrets.

use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tulay_core::{AccountKind, Clock, Country, Invalid, MessageIds, Secret, SecretSource, Secrets};

/// The countries that every reading is tried in.
pub(crate) const COUNTRIES: [Country; 5] =
    [Country::ID, Country::MY, Country::PH, Country::RU, Country::TH];

/// The accounts that every reading is tried for.
pub(crate) const ACCOUNTS: [AccountKind; 3] =
    [AccountKind::Payout, AccountKind::Collection, AccountKind::Single];

/// 2026-11-20T10:00:00+08:00.
const START: i64 = 1_795_140_000;

/// Time that stands still until it is advanced.
#[derive(Debug, Default)]
pub(crate) struct Standing(AtomicI64);

impl Standing {
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_secs(), Ordering::Relaxed);
    }
}

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        let second = START.saturating_add(self.0.load(Ordering::Relaxed));
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Ids that count.
#[derive(Debug, Default)]
pub(crate) struct Counting(AtomicU32);

impl MessageIds for Counting {
    fn fresh(&self) -> String {
        format!("01JM{:0>22}", self.0.fetch_add(1, Ordering::Relaxed).saturating_add(1))
    }
}

/// No secrets: a harness gives its adapter its own.
#[derive(Debug)]
pub(crate) struct NoSecrets;

impl Secrets for NoSecrets {
    fn read(&self, _: &SecretSource) -> Result<Secret, Invalid> {
        Err(Invalid::new("secret", "one that the harness gives"))
    }
}

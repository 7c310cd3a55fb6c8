//! What Xendit remembers: accounts, their money, their orders, and the keys that were used.

use super::{
    collection::PaymentRequest, payout::Payout, refund::Refund, rejection::Rejection,
    settings::Merchant,
};
use http::Uri;
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};
use tulay_core::{Currency, Invalid, Money};

#[derive(Debug, Default)]
pub(super) struct PlatformState {
    accounts: BTreeMap<String, Account>,
    pub(super) last_number: u64,
}

/// One account, and what is kept for it.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) merchant: Merchant,
    pub(super) records: Records,
}

/// What is kept for one account.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// In ISO 4217 minor units.
    balances: BTreeMap<Currency, i64>,
    /// Oldest first, as are the next two.
    pub(super) payouts: Vec<Payout>,
    pub(super) requests: Vec<PaymentRequest>,
    pub(super) refunds: Vec<Refund>,
    keys: BTreeMap<(Scope, String), Remembered>,
    lost_keys: BTreeSet<String>,
}

/// What an idempotency key is unique for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Payouts,
    Refunds,
}

/// What is remembered of the first request with a key. `Debug` does not show its text, as names and
/// accounts are in it.
#[derive(Clone)]
pub(super) struct Remembered {
    pub(super) at: Timestamp,
    /// The body, without blanks.
    pub(super) text: String,
    pub(super) made: Made,
    /// Until when the first request is still being worked on.
    pub(super) busy_until: Option<Timestamp>,
}

/// What a request with a key came to, as it was at first.
#[derive(Clone, Debug)]
pub(super) enum Made {
    Payout(Payout),
    Refund(Refund),
    Rejection(Rejection),
}

impl PlatformState {
    /// Adds an account.
    pub(super) fn register(&mut self, merchant: Merchant) -> Result<(), Invalid> {
        let id = merchant.business_id.clone();
        if !(1..=64).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Invalid::new("merchant", "an id of 1 to 64 ASCII letters and digits"));
        }
        self.admit_key(&id, &merchant.secret_key)?;
        let records = Records::opening(&merchant);
        self.accounts.insert(id, Account { merchant, records });
        Ok(())
    }

    /// Adds an account by its key, or replaces the key of one and nothing else of it.
    pub(super) fn register_key(&mut self, id: &str, secret_key: &str) -> Result<(), Invalid> {
        let secret_key = secret_key.trim();
        self.admit_key(id, secret_key)?;
        match self.accounts.get_mut(id) {
            Some(account) => {
                secret_key.clone_into(&mut account.merchant.secret_key);
                Ok(())
            }
            None => self.register(Merchant::new(id, secret_key)),
        }
    }

    /// Refuses what is no secret key, and the key of another account.
    fn admit_key(&self, id: &str, secret_key: &str) -> Result<(), Invalid> {
        let rest = ["xnd_development_", "xnd_production_"]
            .into_iter()
            .find_map(|prefix| secret_key.strip_prefix(prefix));
        if !rest.is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
        }) {
            let expected = "a secret key: xnd_development_… or xnd_production_…";
            return Err(Invalid::new("secret_key", expected));
        }
        match self.by_key(secret_key) {
            Some(account) if account.merchant.business_id != id => {
                Err(Invalid::new("secret_key", "a key of no other account"))
            }
            _ => Ok(()),
        }
    }

    /// Sets where all notifications of an account go.
    pub(super) fn notify_at(&mut self, id: &str, url: &Uri) -> Result<(), Invalid> {
        let unknown = || Invalid::new("merchant", "a merchant that is registered");
        let merchant = &mut self.accounts.get_mut(id).ok_or_else(unknown)?.merchant;
        for address in
            [&mut merchant.payout_url, &mut merchant.payment_url, &mut merchant.refund_url]
        {
            *address = Some(url.clone());
        }
        Ok(())
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.accounts.keys().cloned().collect()
    }

    pub(super) fn by_key(&self, secret_key: &str) -> Option<&Account> {
        self.accounts.values().find(|account| account.merchant.secret_key == secret_key)
    }

    pub(super) fn account(&mut self, business_id: &str) -> Option<&mut Account> {
        self.accounts.get_mut(business_id)
    }

    pub(super) fn records(&mut self, business_id: &str) -> Result<&mut Records, Rejection> {
        self.account(business_id).map(|account| &mut account.records).ok_or(Rejection::KEY)
    }

    pub(super) fn accounts(&mut self) -> impl Iterator<Item = &mut Account> {
        self.accounts.values_mut()
    }

    /// The next number, which ids are made of.
    pub(super) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Gives every account the records of the start again. Keys and addresses stay, and numbers go on.
    pub(super) fn reset(&mut self) {
        for account in self.accounts.values_mut() {
            account.records = Records::opening(&account.merchant);
        }
    }
}

impl Records {
    fn opening(merchant: &Merchant) -> Self {
        Self { balances: merchant.opening_balances.clone(), ..Self::default() }
    }

    /// What is remembered of a key, unless it was forgotten in the meantime.
    pub(super) fn recall(
        &mut self,
        scope: Scope,
        key: &str,
        now: Timestamp,
        live_for: Option<SignedDuration>,
    ) -> Option<&Remembered> {
        let place = (scope, key.to_owned());
        let is_over = |known: &Remembered| {
            live_for.is_some_and(|live_for| now.duration_since(known.at) >= live_for)
        };
        if self.keys.get(&place).is_some_and(is_over) {
            self.keys.remove(&place);
        }
        self.keys.get(&place)
    }

    pub(super) fn remember(&mut self, scope: Scope, key: &str, remembered: Remembered) {
        self.keys.insert((scope, key.to_owned()), remembered);
    }

    /// Whether this is the first request with a key: the one that gets lost.
    pub(super) fn loses(&mut self, key: &str) -> bool {
        self.lost_keys.insert(key.to_owned())
    }

    /// What the account holds, in minor units.
    pub(super) fn balance(&self, currency: Currency) -> i64 {
        self.balances.get(&currency).copied().unwrap_or_default()
    }

    pub(super) fn add(&mut self, money: Money) {
        let balance = self.balances.entry(money.currency()).or_default();
        *balance = balance.saturating_add(money.minor());
    }

    pub(super) fn take(&mut self, money: Money) {
        let balance = self.balances.entry(money.currency()).or_default();
        *balance = balance.saturating_sub(money.minor());
    }

    pub(super) fn payout(&mut self, id: &str) -> Option<&mut Payout> {
        self.payouts.iter_mut().find(|payout| payout.id == id)
    }

    pub(super) fn request(&mut self, id: &str) -> Option<&mut PaymentRequest> {
        self.requests.iter_mut().find(|request| request.id == id)
    }

    pub(super) fn refund(&mut self, id: &str) -> Option<&mut Refund> {
        self.refunds.iter_mut().find(|refund| refund.id == id)
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembered").field("at", &self.at).finish_non_exhaustive()
    }
}

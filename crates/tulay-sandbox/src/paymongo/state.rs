//! What the platform remembers: merchants, and the books of each in each mode.

use super::{
    collected::{Intent, Method, Payment, Refund, RefundState},
    rejection::Rejection,
    request::unauthorized,
    settings::Merchant,
    transfer::{Remembered, Transfer},
};
use http::Uri;
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::Invalid;

#[derive(Default)]
pub(super) struct PlatformState {
    accounts: BTreeMap<String, Account>,
    pub(super) last_number: u64,
}

/// A merchant and its books.
struct Account {
    merchant: Merchant,
    test: Books,
    live: Books,
}

/// Whose books of which mode: what a secret key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) organization: String,
    pub(super) is_live: bool,
}

/// What is kept for one merchant in one mode.
#[derive(Default)]
pub(super) struct Books {
    /// What can be sent, in centavos.
    pub(super) wallet: i64,
    /// What can be refunded, in centavos: what was collected and is not paid out yet.
    pub(super) payouts: i64,
    pub(super) intents: BTreeMap<String, Intent>,
    pub(super) methods: BTreeMap<String, Method>,
    pub(super) payments: BTreeMap<String, Payment>,
    pub(super) refunds: BTreeMap<String, Refund>,
    pub(super) transfers: BTreeMap<String, Transfer>,
    /// The first responses, by `Idempotency-Key`.
    pub(super) remembered: BTreeMap<String, Remembered>,
    /// What asked to be lost, and was lost once.
    lost: BTreeSet<String>,
}

impl Book {
    /// The subject of a moment that concerns one resource of these books.
    pub(super) fn subject(&self, what: &str, id: &str) -> String {
        let mode = if self.is_live { "live" } else { "test" };
        format!("{what}/{}/{mode}/{id}", self.organization)
    }

    /// What is due with which resource of which books.
    pub(super) fn of_subject(subject: &str) -> Option<(Self, &str, &str)> {
        let mut parts = subject.splitn(4, '/');
        let what = parts.next()?;
        let organization = parts.next()?.to_owned();
        let is_live = parts.next()? == "live";
        Some((Self { organization, is_live }, what, parts.next()?))
    }
}

impl PlatformState {
    pub(super) fn register(&mut self, merchant: Merchant) -> Result<(), Invalid> {
        let id = &merchant.organization;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !(1..=64).contains(&id.len()) || !id.bytes().all(fits) {
            let expected = "an organization of 1 to 64 ASCII letters, digits and `_`";
            return Err(Invalid::new("merchant", expected));
        }
        let keys = [(&merchant.test_key, "sk_test_"), (&merchant.live_key, "sk_live_")];
        for (key, prefix) in
            keys.into_iter().filter_map(|(key, prefix)| Some((key.as_ref()?, prefix)))
        {
            self.check_key(id, key, prefix)?;
        }
        let id = id.clone();
        let account = Account { test: opened(&merchant), live: opened(&merchant), merchant };
        self.accounts.insert(id, account);
        Ok(())
    }

    /// Registers a merchant by a secret key of either mode, or replaces that key and nothing else.
    pub(super) fn register_key(&mut self, id: &str, key: &str) -> Result<(), Invalid> {
        let key = key.trim();
        let is_live = key.starts_with("sk_live_");
        let set = |merchant: &mut Merchant| {
            let place = if is_live { &mut merchant.live_key } else { &mut merchant.test_key };
            *place = Some(key.to_owned());
        };
        if !self.accounts.contains_key(id) {
            let mut merchant = Merchant::new(id);
            set(&mut merchant);
            return self.register(merchant);
        }
        self.check_key(id, key, if is_live { "sk_live_" } else { "sk_test_" })?;
        if let Some(account) = self.accounts.get_mut(id) {
            set(&mut account.merchant);
        }
        Ok(())
    }

    pub(super) fn notify_at(&mut self, id: &str, url: Uri) -> Result<(), Invalid> {
        let unknown = || Invalid::new("merchant", "a merchant that is registered");
        self.accounts.get_mut(id).ok_or_else(unknown)?.merchant.notify_url = Some(url);
        Ok(())
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.accounts.keys().cloned().collect()
    }

    /// Forgets everything but merchants. Ids go on, so that none ever means two resources.
    pub(super) fn reset(&mut self) {
        for account in self.accounts.values_mut() {
            account.test = opened(&account.merchant);
            account.live = opened(&account.merchant);
        }
    }

    /// The books that a secret key opens.
    pub(super) fn book(&self, key: &str) -> Result<Book, Rejection> {
        let found = self.accounts.iter().find_map(|(organization, account)| {
            let is = |own: &Option<String>| own.as_deref() == Some(key);
            let is_live = is(&account.merchant.live_key);
            (is_live || is(&account.merchant.test_key))
                .then(|| Book { organization: organization.clone(), is_live })
        });
        found.ok_or_else(unauthorized)
    }

    pub(super) fn merchant(&self, book: &Book) -> Option<&Merchant> {
        self.accounts.get(&book.organization).map(|account| &account.merchant)
    }

    /// The books, which are there as long as the merchant is: for ever.
    pub(super) fn books(&mut self, book: &Book) -> Result<&mut Books, Rejection> {
        let account = self.accounts.get_mut(&book.organization).ok_or_else(unauthorized)?;
        Ok(if book.is_live { &mut account.live } else { &mut account.test })
    }

    /// The books of the same merchant in the other mode.
    pub(super) fn other_mode(&mut self, book: &Book) -> Result<&mut Books, Rejection> {
        self.books(&Book { is_live: !book.is_live, ..book.clone() })
    }

    /// All books, with what they are.
    pub(super) fn all(&mut self) -> impl Iterator<Item = (Book, &mut Books)> {
        self.accounts.iter_mut().flat_map(|(organization, account)| {
            let book = |is_live| Book { organization: organization.clone(), is_live };
            [(book(false), &mut account.test), (book(true), &mut account.live)]
        })
    }

    /// A new id: a prefix and 24 characters, as the real ones have. Ids are counted, so that a run
    /// repeats.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.last_number += 1;
        format!("{prefix}_Sandbox{:017}", self.last_number)
    }

    /// The number of the newest id.
    pub(super) const fn number(&self) -> u64 {
        self.last_number
    }

    fn check_key(&self, id: &str, key: &str, prefix: &str) -> Result<(), Invalid> {
        let rest = key.strip_prefix(prefix).unwrap_or_default();
        if rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            let expected = "a secret key: `sk_test_` or `sk_live_`, then letters and digits";
            return Err(Invalid::new("secret_key", expected));
        }
        match self.book(key) {
            Ok(book) if book.organization != id => {
                Err(Invalid::new("secret_key", "a key that no other merchant has"))
            }
            _ => Ok(()),
        }
    }
}

impl Books {
    /// Whether this asks to be lost for the first time.
    pub(super) fn loses(&mut self, what: &str) -> bool {
        self.lost.insert(what.to_owned())
    }

    /// What was given back of a payment, or is about to be.
    pub(super) fn refunded(&self, payment: &Payment) -> i64 {
        let refunds = payment.refunds.iter().filter_map(|id| self.refunds.get(id));
        refunds
            .filter(|refund| refund.state != RefundState::Failed)
            .fold(0, |sum, refund| refund.amount.saturating_add(sum))
    }
}

fn opened(merchant: &Merchant) -> Books {
    Books { wallet: merchant.opening_wallet, payouts: merchant.opening_payouts, ..Books::default() }
}

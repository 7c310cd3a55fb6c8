//! The merchants of a simulated platform: how they register, where their notifications go, and
//! what the platform keeps for each.

use super::keys::MerchantKey;
use http::Uri;
use std::{collections::BTreeMap, fmt};
use tulay_core::Invalid;

/// A merchant as a platform's settings describe it.
pub(crate) trait PlatformMerchant {
    /// The longest id, in characters.
    const LONGEST_ID: usize;
    /// What the platform keeps for one merchant: money, orders, used ids.
    type Records: fmt::Debug;

    /// A merchant in good standing.
    fn registered(id: &str, public_key: &str) -> Self;
    /// Its id, its public key, and where its notifications go.
    fn registration(&self) -> (&str, &str, Option<&Uri>);
    /// The records as they are at the start.
    fn opening_records(&self) -> Self::Records;
}

/// One merchant, and what is kept for it.
#[derive(Debug)]
pub(crate) struct Account<M: PlatformMerchant> {
    pub(crate) merchant: M,
    pub(crate) key: MerchantKey,
    /// Where notifications go whose requests name no address.
    pub(crate) notify_url: Option<Uri>,
    pub(crate) records: M::Records,
}

/// All merchants, by id.
#[derive(Debug)]
pub(crate) struct Accounts<M: PlatformMerchant>(BTreeMap<String, Account<M>>);

impl<M: PlatformMerchant> Default for Accounts<M> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<M: PlatformMerchant> Accounts<M> {
    /// Registers a merchant.
    pub(crate) fn register(&mut self, merchant: M) -> Result<(), Invalid> {
        let (id, public_key, notify_url) = merchant.registration();
        let longest = M::LONGEST_ID;
        if !(1..=longest).contains(&id.len())
            || !id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            let expected = format!("an id of 1 to {longest} ASCII letters and digits");
            return Err(Invalid::new("merchant", expected));
        }
        let key = MerchantKey::read(public_key)?;
        let (id, notify_url) = (id.to_owned(), notify_url.cloned());
        let records = merchant.opening_records();
        self.0.insert(id, Account { merchant, key, notify_url, records });
        Ok(())
    }

    /// Registers a merchant by its key, or replaces the key of one and nothing else of it.
    pub(crate) fn register_key(&mut self, id: &str, public_key: &str) -> Result<(), Invalid> {
        match self.0.get_mut(id) {
            Some(account) => {
                account.key = MerchantKey::read(public_key)?;
                Ok(())
            }
            None => self.register(M::registered(id, public_key)),
        }
    }

    /// Sets where the notifications of a merchant go whose requests name no address.
    pub(crate) fn notify_at(&mut self, id: &str, url: Uri) -> Result<(), Invalid> {
        let unknown = || Invalid::new("merchant", "a merchant that is registered");
        self.0.get_mut(id).ok_or_else(unknown)?.notify_url = Some(url);
        Ok(())
    }

    /// The ids of all merchants.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Account<M>> {
        self.0.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Account<M>> {
        self.0.get_mut(id)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&String, &mut Account<M>)> {
        self.0.iter_mut()
    }

    /// Gives every merchant the records of the start again. Keys and addresses stay.
    pub(crate) fn reset(&mut self) {
        for account in self.0.values_mut() {
            account.records = account.merchant.opening_records();
        }
    }
}

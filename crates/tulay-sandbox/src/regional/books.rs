//! What the platform remembers: merchants, their money, their orders.

use super::{
    code::{Code, Failure},
    country::Rules,
    magic::Magic,
    order::{Order, State, transaction_id},
    reports::Link,
    settings::Merchant,
    till::{Payment, Refund, RefundEnd, Till},
};
use crate::kit::keys::MerchantKey;
use http::Uri;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::{Country, Invalid};

#[derive(Debug, Default)]
pub(super) struct Books {
    accounts: BTreeMap<String, Account>,
    /// Links to reports, by what makes each good.
    pub(super) links: BTreeMap<String, Link>,
    last_number: u64,
}

#[derive(Debug)]
pub(super) struct Account {
    pub(super) merchant: Merchant,
    pub(super) key: MerchantKey,
    /// What can be spent, in the unit on the wire. A payout is taken from it when it is accepted.
    balances: BTreeMap<Country, i64>,
    used_order_ids: BTreeSet<String>,
    used_idempotency_ids: BTreeSet<String>,
    lost_ids: BTreeSet<String>,
    pub(super) orders: BTreeMap<String, Order>,
    pub(super) till: Till,
}

/// A payout as it was asked for.
pub(super) struct Transfer {
    pub(super) mch_order_id: String,
    pub(super) idempotency_id: String,
    pub(super) rules: &'static Rules,
    /// In the country's unit on the wire.
    pub(super) amount: i64,
    pub(super) remark: Option<String>,
    pub(super) magic: Magic,
}

impl Books {
    pub(super) fn register(&mut self, merchant: Merchant) -> Result<(), Invalid> {
        let id = &merchant.app_id;
        if !(1..=64).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Invalid::new("merchant", "an id of 1 to 64 ASCII letters and digits"));
        }
        let key = MerchantKey::read(&merchant.public_key)?;
        self.accounts.insert(id.clone(), Account::new(merchant, key));
        Ok(())
    }

    /// Registers a merchant by its key, or replaces the key of one and nothing else of it.
    pub(super) fn register_key(&mut self, id: &str, public_key: &str) -> Result<(), Invalid> {
        match self.accounts.get_mut(id) {
            Some(account) => {
                account.key = MerchantKey::read(public_key)?;
                public_key.clone_into(&mut account.merchant.public_key);
                Ok(())
            }
            None => self.register(Merchant::new(id, public_key)),
        }
    }

    /// Sets where a merchant's notifications go.
    pub(super) fn notify_at(&mut self, id: &str, url: Uri) -> Result<(), Invalid> {
        let unknown = || Invalid::new("merchant", "a merchant that is registered");
        self.accounts.get_mut(id).ok_or_else(unknown)?.merchant.notify_url = Some(url);
        Ok(())
    }

    pub(super) fn merchants(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().map(String::as_str)
    }

    /// Everyone's account.
    pub(super) fn accounts(&mut self) -> impl Iterator<Item = &mut Account> {
        self.accounts.values_mut()
    }

    pub(super) fn account(&mut self, app_id: &str) -> Result<&mut Account, Code> {
        self.accounts.get_mut(app_id).ok_or(Code::APP_ID)
    }

    /// An account that was looked for before.
    pub(super) fn known(&self, app_id: &str) -> Option<&Account> {
        self.accounts.get(app_id)
    }

    /// Forgets orders and used ids. Transaction ids go on, so that none ever means two orders.
    pub(super) fn reset(&mut self) {
        self.links.clear();
        for account in self.accounts.values_mut() {
            *account = Account::new(account.merchant.clone(), account.key.clone());
        }
    }

    /// The number that is next, not used up.
    pub(super) const fn upcoming(&self) -> u64 {
        self.last_number + 1
    }

    /// The next number of a transaction.
    pub(super) fn next(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Makes an order, or refuses: 21007, 21015, 21014, then what the account asks for.
    pub(super) fn accept(
        &mut self,
        app_id: &str,
        asked: Transfer,
        now: Timestamp,
    ) -> Result<Order, Code> {
        let sequence = self.last_number + 1;
        let account = self.account(app_id)?;
        if account.used_order_ids.contains(&asked.mch_order_id) {
            return Err(Code::DUPLICATE_ORDER);
        }
        if account.used_idempotency_ids.contains(&asked.idempotency_id) {
            return Err(Code::DUPLICATE_IDEMPOTENCY);
        }
        let balance = account.balances.entry(asked.rules.country).or_default();
        if asked.amount > *balance {
            return Err(Code::BALANCE);
        }
        if let Magic::Refuse(code) = asked.magic {
            return Err(code);
        }
        *balance -= asked.amount;
        account.use_up(&asked.mch_order_id, &asked.idempotency_id);
        let order = Order {
            app_id: app_id.to_owned(),
            transaction_id: transaction_id(sequence),
            rules: asked.rules,
            amount: asked.amount,
            remark: asked.remark,
            state: State::Pending,
            created: now,
            returned: None,
            failure: None,
            magic: asked.magic,
            mch_order_id: asked.mch_order_id.clone(),
        };
        account.orders.insert(asked.mch_order_id, order.clone());
        self.last_number = sequence;
        Ok(order)
    }
}

impl Account {
    fn new(merchant: Merchant, key: MerchantKey) -> Self {
        Self {
            balances: merchant.opening_balances.clone(),
            merchant,
            key,
            used_order_ids: BTreeSet::new(),
            used_idempotency_ids: BTreeSet::new(),
            lost_ids: BTreeSet::new(),
            orders: BTreeMap::new(),
            till: Till::default(),
        }
    }

    pub(super) fn use_up(&mut self, mch_order_id: &str, idempotency_id: &str) {
        self.used_order_ids.insert(mch_order_id.to_owned());
        self.used_idempotency_ids.insert(idempotency_id.to_owned());
    }

    /// Uses up the id of what was refused.
    pub(super) fn burn_order_id(&mut self, mch_order_id: &str) {
        self.used_order_ids.insert(mch_order_id.to_owned());
    }

    /// 21007.
    pub(super) fn take_order_id(&mut self, mch_order_id: &str) -> Result<(), Code> {
        let fresh = self.used_order_ids.insert(mch_order_id.to_owned());
        if fresh { Ok(()) } else { Err(Code::DUPLICATE_ORDER) }
    }

    /// 21014, or takes an amount from a country's account.
    pub(super) fn spend(&mut self, country: Country, amount: i64) -> Result<(), Code> {
        let balance = self.balances.entry(country).or_default();
        if amount > *balance {
            return Err(Code::BALANCE);
        }
        *balance = balance.saturating_sub(amount);
        Ok(())
    }

    /// Lets a payer pay, or fail to.
    pub(super) fn pay(&mut self, transaction_id: &str, now: Timestamp) -> Option<Payment> {
        let payment = self.till.payments.get_mut(transaction_id)?;
        if payment.state != State::Pending {
            return None;
        }
        if let Magic::Fail(reason) = payment.magic {
            payment.failure = Some(reason);
            payment.state = State::Failed;
        } else {
            payment.state = State::Completed;
            let balance = self.balances.entry(payment.rules.country).or_default();
            *balance = balance.saturating_add(payment.amount);
        }
        payment.returned = Some(now);
        Some(payment.clone())
    }

    /// Ends what nobody paid.
    pub(super) fn expire(&mut self, transaction_id: &str, now: Timestamp) -> Option<Payment> {
        let payment = self.till.payments.get_mut(transaction_id)?;
        if payment.state != State::Pending {
            return None;
        }
        payment.state = State::Failed;
        payment.returned = Some(now);
        Some(payment.clone())
    }

    /// Gives money back, or fails to: then the merchant has it again.
    pub(super) fn give_back(&mut self, id: &str, now: Timestamp) -> Option<Refund> {
        let refund = self.till.refunds.get_mut(id).filter(|refund| refund.returned.is_none())?;
        refund.returned = Some(now);
        if refund.end != RefundEnd::Complete {
            let balance = self.balances.entry(refund.rules.country).or_default();
            *balance = balance.saturating_add(refund.amount);
        }
        Some(refund.clone())
    }

    /// Whether this is the first request for an order: the one that gets lost.
    pub(super) fn loses(&mut self, mch_order_id: &str) -> bool {
        self.lost_ids.insert(mch_order_id.to_owned())
    }

    pub(super) fn order(&self, mch_order_id: &str) -> Option<&Order> {
        self.orders.get(mch_order_id)
    }

    /// What can be spent in a country, in the unit on the wire.
    pub(super) fn balance(&self, country: Country) -> i64 {
        self.balances.get(&country).copied().unwrap_or_default()
    }

    /// Takes an order to its next state, and the balance with it.
    pub(super) fn settle(&mut self, mch_order_id: &str, now: Timestamp) -> Option<Order> {
        let order = self.orders.get_mut(mch_order_id)?;
        match (order.state, order.magic) {
            (State::Pending, Magic::Fail(reason)) => order.failure = Some(reason),
            (State::Completed, Magic::Return) => order.failure = Some(Failure::DESTINATION),
            (State::Pending, _) => {}
            _ => return None,
        }
        if order.failure.is_some() {
            *self.balances.entry(order.rules.country).or_default() += order.amount;
            order.state = State::Failed;
        } else {
            order.state = State::Completed;
        }
        order.returned = Some(now);
        Some(order.clone())
    }
}

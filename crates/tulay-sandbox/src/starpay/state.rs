//! What the platform remembers: merchants, their money, their orders.

use super::{
    code::Code,
    collection::{Asked, Collection, StaticCode},
    instapay::{CEILING, InstaPay},
    order::{Order, Payee, State, number},
    settings::{Collision, Merchant},
    triggers::Trigger,
};
use crate::kit::{Account, Accounts, PlatformMerchant};
use http::Uri;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::Invalid;

#[derive(Debug, Default)]
pub(super) struct PlatformState {
    pub(super) accounts: Accounts<Merchant>,
    pub(super) last_number: u64,
}

/// What is kept for one merchant.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// Of the payroll account, in centavos.
    pub(super) balance: i64,
    /// Of the account that collections arrive on, in centavos.
    pub(super) collected: i64,
    collections: Vec<Collection>,
    static_codes: Vec<StaticCode>,
    used_ids: BTreeSet<String>,
    lost_ids: BTreeSet<String>,
    orders: BTreeMap<String, Order>,
    paid_at: BTreeMap<Payee, Timestamp>,
}

impl PlatformMerchant for Merchant {
    const LONGEST_ID: usize = 32;
    type Records = Records;

    fn registered(id: &str, public_key: &str) -> Self {
        Self::new(id, public_key)
    }

    fn registration(&self) -> (&str, &str, Option<&Uri>) {
        (&self.id, &self.public_key, self.notify_url.as_ref())
    }

    fn opening_records(&self) -> Records {
        Records { balance: self.opening_balance, ..Records::default() }
    }
}

/// A disbursement as it was requested.
pub(super) struct Disbursement {
    pub(super) message_id: String,
    pub(super) payee: Payee,
    /// In centavos.
    pub(super) amount: i64,
    pub(super) trigger: Trigger,
    pub(super) notify_url: Option<Uri>,
}

impl PlatformState {
    pub(super) fn account(&mut self, merchant_id: &str) -> Result<&mut Account<Merchant>, Code> {
        self.accounts.get_mut(merchant_id).ok_or(Code::NO_MERCHANT)
    }

    pub(super) fn records(&mut self, merchant_id: &str) -> Result<&mut Records, Code> {
        self.account(merchant_id).map(|account| &mut account.records)
    }

    /// Makes an order, or refuses: 403, then 512, then what the account asks for.
    pub(super) fn accept(
        &mut self,
        merchant_id: &str,
        asked: Disbursement,
        now: Timestamp,
        payee_interval: SignedDuration,
    ) -> Result<Order, Code> {
        let sequence = self.last_number + 1;
        let Account { notify_url, records, .. } = self.account(merchant_id)?;
        records.fresh(&asked.message_id)?;
        let last = records.paid_at.get(&asked.payee);
        if last.is_some_and(|last| now.duration_since(*last) < payee_interval) {
            return Err(Code::PAYEE_TOO_SOON);
        }
        asked.trigger.rejection()?;
        let order = Order {
            merchant_id: merchant_id.to_owned(),
            number: number(now, sequence),
            amount: asked.amount,
            state: State::Processing,
            since: now,
            failure: None,
            trigger: asked.trigger,
            notify_url: asked.notify_url.or_else(|| notify_url.clone()),
            message_id: asked.message_id.clone(),
        };
        records.paid_at.insert(asked.payee, now);
        records.use_up(&asked.message_id);
        records.orders.insert(asked.message_id, order.clone());
        self.last_number = sequence;
        Ok(order)
    }

    /// Makes a collection, or refuses: 403, then 511, then what the terminal asks for.
    pub(super) fn collect(
        &mut self,
        merchant_id: &str,
        mut asked: Asked,
        now: Timestamp,
        collision: Collision,
    ) -> Result<Collection, Code> {
        let sequence = self.last_number + 1;
        let Account { notify_url, records, .. } = self.account(merchant_id)?;
        records.fresh(&asked.message_id)?;
        if records.collections.iter().any(|open| collision.between(open, &asked)) {
            return Err(Code::IN_PROCESS);
        }
        Trigger::of(&asked.device_info).rejection()?;
        let amount = asked.amount.ok_or(Code::ILLEGAL_PARAMETER)?;
        asked.notify_url = asked.notify_url.or_else(|| notify_url.clone());
        let made = asked.collection(merchant_id, amount, sequence, now)?;
        records.use_up(&made.message_id);
        records.collections.push(made.clone());
        self.last_number = sequence;
        Ok(made)
    }

    /// Makes a static code, or refuses: 403, then what the terminal asks for.
    pub(super) fn static_code(
        &mut self,
        merchant_id: &str,
        mut asked: Asked,
        now: Timestamp,
    ) -> Result<StaticCode, Code> {
        let sequence = self.last_number + 1;
        let Account { notify_url, records, .. } = self.account(merchant_id)?;
        records.fresh(&asked.message_id)?;
        Trigger::of(&asked.device_info).rejection()?;
        asked.notify_url = asked.notify_url.or_else(|| notify_url.clone());
        let made = asked.static_code(merchant_id, sequence, now)?;
        records.use_up(&made.message_id);
        records.static_codes.push(made.clone());
        self.last_number = sequence;
        Ok(made)
    }

    /// What becomes of a code that a payer pays, named by its text or its `msgId`.
    pub(super) fn pay(
        &mut self,
        code: &str,
        amount: Option<i64>,
        now: Timestamp,
    ) -> Result<Collection, Invalid> {
        let sequence = self.last_number + 1;
        for (merchant_id, Account { records, .. }) in self.accounts.iter_mut() {
            let is = |text: &str, id: &str| text == code || id == code;
            let shown = records.collections.iter_mut();
            if let Some(made) = shown.into_iter().find(|m| is(&m.code, &m.message_id)) {
                if made.state != State::Processing {
                    return Err(Invalid::new("code", "one that is open: it is paid, or closed"));
                }
                if amount.is_some_and(|amount| amount != made.amount) {
                    return Err(Invalid::new("amount", "that of the code, or none"));
                }
                (made.state, made.since) = (State::Success, now);
                records.collected += made.amount;
                return Ok(made.clone());
            }
            let mut again = records.static_codes.iter();
            if let Some(made) = again.find(|m| is(&m.code, &m.message_id)) {
                if !made.active {
                    return Err(Invalid::new("code", "one that is active"));
                }
                let amount = amount.filter(|amount| *amount > 0).ok_or_else(|| {
                    Invalid::new("amount", "more than zero: the code leaves it to the payer")
                })?;
                let paid = Collection {
                    merchant_id: merchant_id.clone(),
                    // A payer has no message number: the platform writes one of its own.
                    message_id: number(now, sequence),
                    number: number(now, sequence),
                    amount,
                    state: State::Success,
                    since: now,
                    device_info: made.device_info.clone(),
                    display_name: made.display_name.clone(),
                    notify_url: made.notify_url.clone(),
                    ref_no: made.ref_no.clone(),
                    code: String::new(),
                    walked_in: true,
                };
                records.collected += amount;
                records.collections.push(paid.clone());
                self.last_number = sequence;
                return Ok(paid);
            }
        }
        Err(Invalid::new("code", "the text of a code that this sandbox showed"))
    }
}

impl Records {
    /// Refuses a message number that was used.
    pub(super) fn fresh(&self, message_id: &str) -> Result<(), Code> {
        if self.used_ids.contains(message_id) { Err(Code::REPEATED_MESSAGE) } else { Ok(()) }
    }

    pub(super) fn use_up(&mut self, message_id: &str) {
        self.used_ids.insert(message_id.to_owned());
    }

    /// Whether this is the first request with a message number: the one that gets lost.
    pub(super) fn loses(&mut self, message_id: &str) -> bool {
        self.lost_ids.insert(message_id.to_owned())
    }

    pub(super) fn collections(&self) -> impl Iterator<Item = &Collection> {
        self.collections.iter()
    }

    pub(super) fn collection(&mut self, message_id: &str) -> Option<&mut Collection> {
        self.collections.iter_mut().find(|made| made.message_id == message_id)
    }

    /// Takes back what was collected.
    pub(super) fn reverse(&mut self, message_id: &str, now: Timestamp) -> Option<Collection> {
        let made = self.collections.iter_mut().find(|made| made.message_id == message_id)?;
        if made.state != State::Success {
            return None;
        }
        (made.state, made.since) = (State::Reversed, now);
        self.collected -= made.amount;
        Some(made.clone())
    }

    pub(super) fn static_code(&mut self, message_id: &str) -> Option<&mut StaticCode> {
        self.static_codes.iter_mut().find(|made| made.message_id == message_id)
    }

    pub(super) fn order(&self, message_id: &str) -> Option<&Order> {
        self.orders.get(message_id)
    }

    /// Takes an order to its next state, and the balance with it.
    pub(super) fn settle(&mut self, message_id: &str, now: Timestamp) -> Option<Order> {
        let order = self.orders.get_mut(message_id)?;
        match (order.state, order.trigger) {
            (State::Processing, trigger) => {
                order.failure = match trigger {
                    _ if order.amount > CEILING => Some(InstaPay::NOT_ALLOWED_AMOUNT),
                    Trigger::Fail(reason) => Some(reason),
                    _ if order.amount > self.balance => Some(InstaPay::INSUFFICIENT_FUNDS),
                    _ => None,
                };
                if order.failure.is_none() {
                    self.balance -= order.amount;
                    order.state = State::Success;
                } else {
                    order.state = State::Fail;
                }
            }
            (State::Success, Trigger::Reverse) => {
                self.balance += order.amount;
                order.state = State::Reversed;
            }
            _ => return None,
        }
        order.since = now;
        Some(order.clone())
    }
}

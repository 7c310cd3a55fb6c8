//! What the platform remembers: merchants, their money, their orders.

use super::{
    code::{Code, Failure},
    country::Rules,
    order::{Order, State, transaction_id},
    payments::{Collected, Payment, Refund, RefundEnd},
    report_link::Link,
    settings::Merchant,
    triggers::Trigger,
};
use crate::kit::{Account, Accounts, PlatformMerchant};
use http::Uri;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use tulay_core::Country;

#[derive(Debug, Default)]
pub(super) struct PlatformState {
    pub(super) accounts: Accounts<Merchant>,
    /// Links to reports, by what makes each good.
    pub(super) links: BTreeMap<String, Link>,
    pub(super) last_number: u64,
}

/// What is kept for one merchant.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// What can be spent, in the unit on the wire. A payout is taken from it when it is accepted.
    balances: BTreeMap<Country, i64>,
    used_order_ids: BTreeSet<String>,
    used_idempotency_ids: BTreeSet<String>,
    lost_ids: BTreeSet<String>,
    pub(super) orders: BTreeMap<String, Order>,
    pub(super) collected: Collected,
}

impl PlatformMerchant for Merchant {
    const LONGEST_ID: usize = 64;
    type Records = Records;

    fn registered(id: &str, public_key: &str) -> Self {
        Self::new(id, public_key)
    }

    fn registration(&self) -> (&str, &str, Option<&Uri>) {
        (&self.app_id, &self.public_key, self.notify_url.as_ref())
    }

    fn opening_records(&self) -> Records {
        Records { balances: self.opening_balances.clone(), ..Records::default() }
    }
}

/// A payout as it was requested.
pub(super) struct Transfer {
    pub(super) mch_order_id: String,
    pub(super) idempotency_id: String,
    pub(super) rules: &'static Rules,
    /// In the country's unit on the wire.
    pub(super) amount: i64,
    pub(super) remark: Option<String>,
    pub(super) trigger: Trigger,
}

impl PlatformState {
    pub(super) fn account(&mut self, app_id: &str) -> Result<&mut Account<Merchant>, Code> {
        self.accounts.get_mut(app_id).ok_or(Code::APP_ID)
    }

    pub(super) fn records(&mut self, app_id: &str) -> Result<&mut Records, Code> {
        self.account(app_id).map(|account| &mut account.records)
    }

    /// Forgets orders and used ids. Transaction ids go on, so that none ever means two orders.
    pub(super) fn reset(&mut self) {
        self.links.clear();
        self.accounts.reset();
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
        let records = self.records(app_id)?;
        if records.used_order_ids.contains(&asked.mch_order_id) {
            return Err(Code::DUPLICATE_ORDER);
        }
        if records.used_idempotency_ids.contains(&asked.idempotency_id) {
            return Err(Code::DUPLICATE_IDEMPOTENCY);
        }
        let balance = records.balances.entry(asked.rules.country).or_default();
        if asked.amount > *balance {
            return Err(Code::BALANCE);
        }
        if let Trigger::Refuse(code) | Trigger::RefuseUnheard(code) = asked.trigger {
            return Err(code);
        }
        *balance -= asked.amount;
        records.use_up(&asked.mch_order_id, &asked.idempotency_id);
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
            trigger: asked.trigger,
            mch_order_id: asked.mch_order_id.clone(),
        };
        records.orders.insert(asked.mch_order_id, order.clone());
        self.last_number = sequence;
        Ok(order)
    }
}

impl Records {
    pub(super) fn use_up(&mut self, mch_order_id: &str, idempotency_id: &str) {
        self.used_order_ids.insert(mch_order_id.to_owned());
        self.used_idempotency_ids.insert(idempotency_id.to_owned());
    }

    /// Uses up the id of what was refused.
    pub(super) fn use_up_order_id(&mut self, mch_order_id: &str) {
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
        let payment = self.collected.payments.get_mut(transaction_id)?;
        if payment.state != State::Pending {
            return None;
        }
        if let Trigger::Fail(reason) = payment.trigger {
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

    /// Ends a payment that was not made.
    pub(super) fn expire(&mut self, transaction_id: &str, now: Timestamp) -> Option<Payment> {
        let payment = self.collected.payments.get_mut(transaction_id)?;
        if payment.state != State::Pending {
            return None;
        }
        payment.state = State::Failed;
        payment.returned = Some(now);
        Some(payment.clone())
    }

    /// Gives money back, or fails to: then the merchant has it again.
    pub(super) fn give_back(&mut self, id: &str, now: Timestamp) -> Option<Refund> {
        let refund =
            self.collected.refunds.get_mut(id).filter(|refund| refund.returned.is_none())?;
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
        match (order.state, order.trigger) {
            (State::Pending, Trigger::Fail(reason)) => order.failure = Some(reason),
            (State::Completed, Trigger::Return) => order.failure = Some(Failure::DESTINATION),
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

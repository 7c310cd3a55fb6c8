//! Payers: they pay what they were shown, once or again and again, or let it expire.

use super::{
    Regional,
    message::Notice,
    order::{State, payment_id},
    payments::Payment,
    state::PlatformState,
    triggers::Trigger,
};
use crate::kit::{Account, Direction, Movement, World, locked};
use jiff::Timestamp;
use tulay_core::{Invalid, Money};

impl Regional {
    /// A payer pays what was shown to him: the text of a code, the number of a virtual account, the
    /// address of a page, or the id of the order.
    pub(super) fn paid_by_payer(
        &self,
        code: &str,
        amount: Option<&str>,
        world: &World,
    ) -> Result<Movement, Invalid> {
        let (app_id, transaction_id) = {
            let mut platform = locked(&self.platform);
            match presented(&mut platform, code, amount, world.now())? {
                Presented::Once(app_id, transaction_id) => (app_id, transaction_id),
                Presented::Again(payment) => {
                    platform.next();
                    let known = (payment.app_id.clone(), payment.transaction_id.clone());
                    let records = platform.records(&known.0);
                    let records = records.map_err(|_| nothing_shown())?;
                    records.collected.payments.insert(known.1.clone(), *payment);
                    known
                }
            }
        };
        let moved = self.paid(&app_id, &transaction_id, world);
        moved.ok_or_else(|| Invalid::new("code", "one whose payer does not fail"))
    }

    /// Lets a payer pay, or fail to; what moved is recorded, and the merchant notified.
    fn paid(&self, app_id: &str, transaction_id: &str, world: &World) -> Option<Movement> {
        let payment =
            locked(&self.platform).records(app_id).ok()?.pay(transaction_id, world.now())?;
        let movement = (payment.state == State::Completed).then(|| Movement {
            provider: Self::NAME,
            account: payment.app_id.clone(),
            order_id: payment.mch_order_id.clone(),
            provider_reference: payment.transaction_id.clone(),
            direction: Direction::In,
            money: payment.money(),
            at: world.now(),
        });
        if let Some(movement) = &movement {
            world.record(movement.clone());
        }
        self.notify_payment(payment, world);
        movement
    }

    /// A payment was not made in time. Expiry has no status of its own: it has failed.
    pub(super) fn expired(&self, app_id: &str, transaction_id: &str, world: &World) {
        let expired = {
            let mut platform = locked(&self.platform);
            let Ok(records) = platform.records(app_id) else { return };
            records.expire(transaction_id, world.now())
        };
        if let Some(payment) = expired {
            tracing::info!(transaction_id, "payment expired");
            self.notify_payment(payment, world);
        }
    }

    fn notify_payment(&self, payment: Payment, world: &World) {
        let notice = Notice::of_payment(&payment);
        if let Some(url) = payment.notify_url {
            self.notify(notice, url, world);
        }
    }
}

/// What a payer has before him.
enum Presented {
    /// To be paid once: merchant and transaction.
    Once(String, String),
    /// One more payment of a static code.
    Again(Box<Payment>),
}

fn presented(
    platform: &mut PlatformState,
    code: &str,
    amount: Option<&str>,
    now: Timestamp,
) -> Result<Presented, Invalid> {
    let next = payment_id(platform.upcoming());
    for (_, Account { records, .. }) in platform.accounts.iter_mut() {
        if let Some(payment) = records.collected.shown(code) {
            let money = payment.money();
            let same = |text| Money::parse(text, money.currency()).is_ok_and(|paid| paid == money);
            if payment.state != State::Pending {
                return Err(Invalid::new("code", "one that is still open"));
            }
            if !amount.is_none_or(same) {
                return Err(Invalid::new("amount", format!("{money}, or none")));
            }
            let (app_id, transaction_id) = (&payment.app_id, &payment.transaction_id);
            return Ok(Presented::Once(app_id.clone(), transaction_id.clone()));
        }
        let Some(shown) = records.collected.shown_again(code) else { continue };
        if shown.cancelled.is_some() {
            return Err(Invalid::new("code", "one that is not cancelled"));
        }
        let rules = shown.rules;
        let units = amount.and_then(|text| {
            let minor = Money::parse(text, rules.currency).ok()?.minor();
            let whole = minor.checked_rem(rules.unit)? == 0;
            minor.checked_div(rules.unit).filter(|units| whole && (1..=rules.most).contains(units))
        });
        let expected = || Invalid::new("amount", format!("an amount in {}", rules.currency));
        return Ok(Presented::Again(Box::new(Payment {
            app_id: shown.app_id.clone(),
            mch_order_id: shown.mch_order_id.clone(),
            transaction_id: next,
            rules,
            amount: units.ok_or_else(expected)?,
            channel_code: shown.channel_code.clone(),
            kind: shown.kind,
            pay_data: shown.pay_data.clone(),
            remark: Some("paid".to_owned()),
            notify_url: shown.notify_url.clone(),
            state: State::Pending,
            created: now,
            returned: None,
            failure: None,
            trigger: Trigger::Pay,
            of_code: true,
        })));
    }
    Err(nothing_shown())
}

fn nothing_shown() -> Invalid {
    Invalid::new("code", "one that regional showed")
}

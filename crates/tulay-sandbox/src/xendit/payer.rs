//! Payers: they pay what they were shown, once or again and again, or fail to.

use super::{
    Xendit,
    collection::{Payment, PaymentRequest, RequestStatus},
    message::id,
    triggers::Trigger,
};
use crate::kit::{Direction, Movement, World, locked};
use tulay_core::{Invalid, Money};

impl Xendit {
    /// A payer pays what was shown: the text of a code, the number of a virtual account, or an id of
    /// the payment request.
    pub(super) fn paid_by_payer(
        &self,
        code: &str,
        amount: Option<&str>,
        world: &World,
    ) -> Result<Movement, Invalid> {
        let now = world.now();
        let (request, payment, url, token) = {
            let mut platform = locked(&self.platform);
            let sequence = platform.number();
            let nothing = || Invalid::new("code", "one that xendit showed");
            let account = platform
                .accounts()
                .find(|account| {
                    account.records.requests.iter().any(|request| request.is_shown_as(code))
                })
                .ok_or_else(nothing)?;
            let shown = account.records.requests.iter_mut().rev();
            let request =
                shown.into_iter().find(|request| request.is_shown_as(code)).ok_or_else(nothing)?;
            let payment = Payment {
                id: id("py", sequence),
                capture_id: id("cptr", sequence),
                money: paid(request, amount)?,
                at: now,
                failure: match request.trigger {
                    Trigger::Fail(failure) => Some(failure),
                    _ => None,
                },
            };
            request.payments.push(payment.clone());
            request.updated = now;
            if !request.is_reusable {
                request.failure = payment.failure;
                request.status = match payment.failure {
                    Some(_) => RequestStatus::Failed,
                    None => RequestStatus::Succeeded,
                };
            }
            let request = request.clone();
            if payment.failure.is_none() {
                account.records.add(payment.money);
            }
            let merchant = &account.merchant;
            (request, payment, merchant.payment_url.clone(), merchant.callback_token.clone())
        };
        let movement = Movement {
            provider: Self::NAME,
            account: request.business_id.clone(),
            order_id: request.reference_id.clone(),
            provider_reference: payment.id.clone(),
            direction: Direction::In,
            money: payment.money,
            at: now,
        };
        let is_paid = payment.failure.is_none();
        if is_paid {
            world.record(movement.clone());
        }
        if let Some(url) = url {
            let event = if is_paid { "payment.capture" } else { "payment.failure" };
            let (mut sent, mut payment) = (request.clone(), payment);
            super::falsify(world, Some(&mut payment.money), &mut sent.reference_id);
            if let Some(data) = sent.payment_text(&payment) {
                let business_id = request.business_id.as_str();
                let to = (business_id, request.reference_id.clone(), token.as_str(), url);
                Self::notify(event, &data, Some("v3"), to, world);
            }
        }
        is_paid
            .then_some(movement)
            .ok_or_else(|| Invalid::new("code", "one whose payer does not fail"))
    }
}

/// What a payer pays of a request that is open.
fn paid(request: &PaymentRequest, amount: Option<&str>) -> Result<Money, Invalid> {
    if !request.is_open() {
        return Err(Invalid::new("code", "one that is open: it is paid, or expired"));
    }
    let currency = request.channel.currency;
    let given = amount.map(|text| Money::parse(text, currency)).transpose()?;
    match (request.money, given) {
        (Some(money), None) => Ok(money),
        (Some(money), Some(given)) if money == given => Ok(money),
        (Some(money), Some(_)) => Err(Invalid::new("amount", format!("{money}, or none"))),
        (None, Some(given)) if given.minor() > 0 => Ok(given),
        (None, _) => Err(Invalid::new("amount", format!("an amount in {currency}"))),
    }
}

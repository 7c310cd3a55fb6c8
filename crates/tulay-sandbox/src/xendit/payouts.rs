//! Payouts: made once for each key, looked up, and settled.

use super::{
    Outcome, Xendit,
    channels::{PAYOUT_CHANNELS, PayoutChannel},
    listing::listed,
    message::{Number, bare, id},
    payout::{Payee, Payout, Status},
    rejection::Rejection,
    request::{Body, idempotency_key, query},
    settings::{Edition, Merchant},
    state::{Made, Remembered, Scope},
    triggers::Trigger,
};
use crate::kit::{Direction, Movement, Trouble, World, after, final_after, locked};
use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use jiff::SignedDuration;
use serde::Serialize;
use tulay_core::{Currency, Money};

const REVERSED_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// How long the first request with a key is worked on, where an account asks for that.
const BUSY_FOR: SignedDuration = SignedDuration::from_mins(1);

/// What a payout asks for.
struct Asked {
    reference_id: String,
    channel: &'static PayoutChannel,
    payee: Payee,
    money: Money,
    description: Option<String>,
    trigger: Trigger,
}

impl Xendit {
    pub(super) fn create_payout(
        &self,
        merchant: &Merchant,
        http: &Request<Bytes>,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        if !merchant.may_pay_out {
            return Err(Rejection::FORBIDDEN);
        }
        let key = idempotency_key(http.headers())?.ok_or(Rejection::MISSING)?;
        let (body, text) = Body::read(http)?;
        let asked = asked(&body, merchant).and_then(|asked| {
            asked.trigger.rejection()?;
            Ok(asked)
        });
        let now = world.now();
        let remembered =
            |made, busy_until| Remembered { at: now, text: text.clone(), made, busy_until };
        let (payout, trouble) = {
            let mut platform = locked(&self.platform);
            let sequence = platform.number();
            let records = platform.records(&merchant.business_id)?;
            match self.replayed(records, Scope::Payouts, &key, &text, now)? {
                Some(Made::Payout(payout)) => return self.about(payout, None, world),
                Some(Made::Rejection(rejection)) => return Err(rejection),
                Some(Made::Refund(_)) | None => {}
            }
            let asked = match asked {
                Ok(asked) => asked,
                Err(rejection) => {
                    if world.faults().use_up_ids {
                        let made = Made::Rejection(rejection);
                        records.remember(Scope::Payouts, &key, remembered(made, None));
                    }
                    return Err(rejection);
                }
            };
            let trouble = asked.trigger.trouble();
            if trouble == Some(Trouble::LoseFirstRequest) && records.loses(&key) {
                return Ok(Outcome::Lost);
            }
            let is_busy = asked.trigger == Trigger::InProgress;
            let payout = Payout {
                business_id: merchant.business_id.clone(),
                id: id("disb", sequence),
                key: key.clone(),
                reference_id: asked.reference_id,
                channel: asked.channel,
                payee: asked.payee,
                money: asked.money,
                description: asked.description,
                status: Status::Accepted,
                failure: None,
                created: now,
                updated: now,
                trigger: asked.trigger,
            };
            let busy_until = is_busy.then(|| after(now, BUSY_FOR));
            let made = Made::Payout(payout.clone());
            records.remember(Scope::Payouts, &key, remembered(made, busy_until));
            records.payouts.push(payout.clone());
            (payout, trouble)
        };
        tracing::info!(payout_id = payout.id, "payout accepted");
        if let Some(first) = final_after(trouble, world).checked_div(2) {
            world.wake_after(first, format!("payout/{}/{}", merchant.business_id, payout.id));
        }
        self.about(payout, trouble, world)
    }

    pub(super) fn payout(
        &self,
        merchant: &Merchant,
        id: &str,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        let payout = locked(&self.platform).records(&merchant.business_id)?.payout(id).cloned();
        let payout = payout
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Rejection::NO_PAYOUT)?;
        self.about(payout, None, world)
    }

    /// The payouts under a reference, newest first.
    pub(super) fn payouts(
        &self,
        merchant: &Merchant,
        uri: &Uri,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        let reference = query(uri, "reference_id").ok_or(Rejection::MISSING)?;
        let found: Vec<Payout> = {
            let mut platform = locked(&self.platform);
            let records = platform.records(&merchant.business_id)?;
            let under = |payout: &&Payout| payout.reference_id == reference;
            records.payouts.iter().rev().filter(under).cloned().collect()
        };
        let is_hidden = !found.is_empty() && world.take_fault(|faults| &mut faults.hide_orders);
        let found = if is_hidden { Vec::new() } else { found };
        let rows = found.into_iter().enumerate().map(|(place, payout)| {
            let payout = if place == 0 { lied(payout, world) } else { payout };
            payout.text().map(|text| (payout.id, text))
        });
        let rows: Vec<_> = rows.collect::<Option<_>>().ok_or(Rejection::SERVER_ERROR)?;
        let text = match self.settings.edition {
            Edition::Reference => bare(&rows.into_iter().map(|(_, text)| text).collect::<Vec<_>>()),
            Edition::TestMode => listed(rows, uri, self.settings.page_rows)?,
        };
        Ok(Outcome::Answered(StatusCode::OK, text, None))
    }

    /// The channels of payouts.
    pub(super) fn channels(uri: &Uri) -> Result<Outcome, Rejection> {
        #[derive(Serialize)]
        struct Limits {
            minimum: Number,
            maximum: Number,
            minimum_increment: Number,
        }
        #[derive(Serialize)]
        struct Channel {
            channel_code: &'static str,
            channel_category: &'static str,
            currency: &'static str,
            channel_name: &'static str,
            amount_limits: Limits,
        }
        let is = |name: &str, value: &str| {
            query(uri, name).is_none_or(|wanted| wanted.split(',').any(|one| one.trim() == value))
        };
        let listed: Vec<Channel> = PAYOUT_CHANNELS
            .iter()
            .filter(|channel| {
                is("currency", channel.currency.as_str())
                    && is("channel_category", channel.category)
                    && is("channel_code", channel.code)
            })
            .map(|channel| {
                let number = |minor| Number(Money::from_minor(minor, channel.currency));
                let (least, most, step) = channel.limits;
                Channel {
                    channel_code: channel.code,
                    channel_category: channel.category,
                    currency: channel.currency.as_str(),
                    channel_name: channel.name,
                    amount_limits: Limits {
                        minimum: number(least),
                        maximum: number(most),
                        minimum_increment: number(step),
                    },
                }
            })
            .collect();
        let text = serde_json::to_string(&listed).map_err(|_| Rejection::SERVER_ERROR)?;
        Ok(Outcome::Answered(StatusCode::OK, text, None))
    }

    /// `GET /balance`. Nothing is held: `HOLDING` is zero.
    pub(super) fn balance(&self, merchant: &Merchant, uri: &Uri) -> Result<Outcome, Rejection> {
        #[derive(Serialize)]
        struct Balance {
            balance: Number,
        }
        let currency = match query(uri, "currency") {
            Some(code) => Currency::new(&code).ok(),
            None => merchant.currencies.first().copied(),
        };
        let currency = currency
            .filter(|currency| merchant.currencies.contains(currency))
            .ok_or(Rejection::VALIDATION)?;
        let held = locked(&self.platform).records(&merchant.business_id)?.balance(currency);
        let minor = match query(uri, "account_type").as_deref() {
            None | Some("CASH") => held,
            Some("HOLDING") => 0,
            Some(_) => return Err(Rejection::VALIDATION),
        };
        let balance = Balance { balance: Number(Money::from_minor(minor, currency)) };
        let text = serde_json::to_string(&balance).map_err(|_| Rejection::SERVER_ERROR)?;
        Ok(Outcome::Answered(StatusCode::OK, text, None))
    }

    /// A payout comes to its next state.
    pub(super) fn payout_woken(&self, business_id: &str, id: &str, world: &World) {
        let now = world.now();
        let (payout, url, token) = {
            let mut platform = locked(&self.platform);
            let Some(account) = platform.account(business_id) else { return };
            let records = &mut account.records;
            let Some(payout) = records.payout(id).cloned() else { return };
            let Some((status, failure)) = payout.next(records.balance(payout.money.currency()))
            else {
                return;
            };
            let payout = Payout { status, failure, updated: now, ..payout };
            let direction = match status {
                Status::Succeeded => Some(Direction::Out),
                Status::Reversed => Some(Direction::Back),
                _ => None,
            };
            match direction {
                Some(Direction::Out) => records.take(payout.money),
                Some(_) => records.add(payout.money),
                None => {}
            }
            if let Some(kept) = records.payout(id) {
                *kept = payout.clone();
            }
            if let Some(direction) = direction {
                world.record(Movement {
                    provider: Self::NAME,
                    account: business_id.to_owned(),
                    order_id: payout.reference_id.clone(),
                    provider_reference: payout.id.clone(),
                    direction,
                    money: payout.money,
                    at: now,
                });
            }
            let merchant = &account.merchant;
            (payout, merchant.payout_url.clone(), merchant.callback_token.clone())
        };
        tracing::info!(payout_id = payout.id, status = payout.status.as_str(), "payout moved on");
        let next = match (payout.status, payout.trigger) {
            (Status::Requested | Status::Assessed, trigger) => {
                final_after(trigger.trouble(), world).checked_div(2)
            }
            (Status::Succeeded, Trigger::Reverse) => Some(REVERSED_AFTER),
            _ => None,
        };
        if let Some(delay) = next {
            world.wake_after(delay, format!("payout/{business_id}/{id}"));
        }
        let (Some(event), Some(url)) = (payout.status.event(), url) else { return };
        let order_id = payout.reference_id.clone();
        let edition = self.settings.edition;
        let version = (edition == Edition::TestMode).then_some("v2");
        if let Some(data) = lied(payout, world).notified_text(edition) {
            Self::notify(event, &data, version, (business_id, order_id, &token, url), world);
        }
    }

    /// The answer about a payout, unless it is to be a false one.
    fn about(
        &self,
        payout: Payout,
        trouble: Option<Trouble>,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        let text = lied(payout, world).text().ok_or(Rejection::SERVER_ERROR)?;
        Ok(Outcome::Answered(StatusCode::OK, text, trouble))
    }
}

/// A payout, unless it is to be a false one.
fn lied(mut payout: Payout, world: &World) -> Payout {
    super::falsify(world, Some(&mut payout.money), &mut payout.reference_id);
    payout
}

/// What a payout asks for, checked in the order of [`Xendit`]'s table.
fn asked(body: &Body<'_>, merchant: &Merchant) -> Result<Asked, Rejection> {
    let reference_id = body.required("reference_id", 255)?;
    let code = body.required("channel_code", 100)?;
    let properties = body.object("channel_properties")?;
    let name = properties.required("account_holder_name", 100)?;
    let account = properties.required("account_number", 100)?;
    let currency = body.required("currency", 3)?;
    let description = body.optional("description", 100)?;
    body.optional_object("receipt_notification")?;
    body.optional_object("metadata")?;
    let channel = PayoutChannel::of(&code)
        .filter(|channel| merchant.currencies.contains(&channel.currency))
        .filter(|channel| !merchant.closed_channels.iter().any(|closed| closed == channel.code))
        .ok_or(Rejection::CHANNEL)?;
    if currency != channel.currency.as_str() {
        return Err(Rejection::VALIDATION);
    }
    let money = body.amount("amount", channel.currency)?;
    let (least, most, step) = channel.limits;
    if money.minor() < least {
        return Err(Rejection::MINIMUM);
    }
    if money.minor() > most {
        return Err(Rejection::MAXIMUM);
    }
    if money.minor().checked_rem(step) != Some(0) {
        return Err(Rejection::INCREMENT);
    }
    if channel.is_wallet() && !is_mobile(&account) {
        return Err(Rejection::VALIDATION);
    }
    let trigger = Trigger::of_account(&account);
    let payee = Payee { account, name };
    Ok(Asked { reference_id, channel, payee, money, description, trigger })
}

/// "For E-Wallets, standard format should use prefix 0, e.g. 081234567890". How long a number is, is
/// an assumption. The provider's own numbers for test mode are taken too.
fn is_mobile(account: &str) -> bool {
    let is_national = account.starts_with('0')
        && (10..=13).contains(&account.len())
        && account.bytes().all(|byte| byte.is_ascii_digit());
    is_national || Trigger::is_documented(account)
}

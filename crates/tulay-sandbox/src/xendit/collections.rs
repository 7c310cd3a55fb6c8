//! Payment requests: made by every request, looked up, expired.

use super::{
    Outcome, Xendit,
    channels::PaymentChannel,
    collection::{PaymentRequest, RequestStatus, shown},
    message::id,
    rejection::Rejection,
    request::Body,
    settings::Merchant,
    triggers::Trigger,
};
use crate::kit::{Trouble, World, after, locked};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use tulay_core::Money;

/// The only version that the reference has.
const API_VERSION: &str = "2024-11-11";

/// What a payment request asks for.
struct Asked {
    reference_id: String,
    is_reusable: bool,
    channel: &'static PaymentChannel,
    money: Option<Money>,
    description: Option<String>,
    display_name: Option<String>,
    expires: Option<Timestamp>,
    trigger: Trigger,
}

impl Xendit {
    /// Every request makes a payment request: the reference knows no key here.
    pub(super) fn create_request(
        &self,
        merchant: &Merchant,
        http: &Request<Bytes>,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        admitted(merchant, http.headers())?;
        let (body, _) = Body::read(http)?;
        let now = world.now();
        let asked = asked(&body, merchant, now)?;
        asked.trigger.rejection()?;
        let request = {
            let mut platform = locked(&self.platform);
            let sequence = platform.number();
            let shown =
                shown(asked.channel, asked.money, sequence).ok_or(Rejection::SERVER_ERROR)?;
            let request = PaymentRequest {
                business_id: merchant.business_id.clone(),
                id: id("pr", sequence),
                reference_id: asked.reference_id,
                is_reusable: asked.is_reusable,
                channel: asked.channel,
                money: asked.money,
                description: asked.description,
                display_name: asked.display_name,
                shown,
                status: if asked.is_reusable {
                    RequestStatus::AcceptingPayments
                } else {
                    RequestStatus::RequiresAction
                },
                failure: None,
                payments: Vec::new(),
                created: now,
                updated: now,
                expires: asked.expires.unwrap_or_else(|| after(now, self.settings.open_for)),
                trigger: asked.trigger,
            };
            platform.records(&merchant.business_id)?.requests.push(request.clone());
            request
        };
        tracing::info!(payment_request_id = request.id, "payment requested");
        world.wake_after(
            request.expires.duration_since(now),
            format!("request/{}/{}", merchant.business_id, request.id),
        );
        answer(request, StatusCode::CREATED, asked.trigger.trouble(), world)
    }

    pub(super) fn request(
        &self,
        merchant: &Merchant,
        id: &str,
        headers: &HeaderMap,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        admitted(merchant, headers)?;
        let request = locked(&self.platform).records(&merchant.business_id)?.request(id).cloned();
        let request = request
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Rejection::NOT_FOUND)?;
        answer(request, StatusCode::OK, None, world)
    }

    /// One payment of a payment request.
    pub(super) fn payment(
        &self,
        merchant: &Merchant,
        id: &str,
        headers: &HeaderMap,
        world: &World,
    ) -> Result<Outcome, Rejection> {
        admitted(merchant, headers)?;
        let found = {
            let mut platform = locked(&self.platform);
            let requests = &platform.records(&merchant.business_id)?.requests;
            requests.iter().find_map(|request| {
                let payment = request.payments.iter().find(|payment| payment.id == id)?;
                Some((request.clone(), payment.clone()))
            })
        };
        let (mut request, mut payment) = found
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Rejection::NOT_FOUND)?;
        super::falsify(world, Some(&mut payment.money), &mut request.reference_id);
        let text = request.payment_text(&payment).ok_or(Rejection::SERVER_ERROR)?;
        Ok(Outcome::Answered(StatusCode::OK, text, None))
    }

    /// A payment request was not paid in time.
    pub(super) fn request_woken(&self, business_id: &str, id: &str, world: &World) {
        let (request, url, token) = {
            let mut platform = locked(&self.platform);
            let Some(account) = platform.account(business_id) else { return };
            let Some(request) = account.records.request(id).filter(|request| request.is_open())
            else {
                return;
            };
            (request.status, request.updated) = (RequestStatus::Expired, world.now());
            let request = request.clone();
            let merchant = &account.merchant;
            (request, merchant.payment_url.clone(), merchant.callback_token.clone())
        };
        tracing::info!(payment_request_id = request.id, "payment request expired");
        let order_id = request.reference_id.clone();
        if let (Some(url), Some(data)) = (url, lied(request, world).text()) {
            let to = (business_id, order_id, token.as_str(), url);
            Self::notify("payment_request.expiry", &data, Some("v3"), to, world);
        }
    }
}

/// 403 without the right to collect, and 400 without the version. The reference does not say that the
/// version is required: that is an assumption.
fn admitted(merchant: &Merchant, headers: &HeaderMap) -> Result<(), Rejection> {
    if !merchant.may_collect {
        return Err(Rejection::FORBIDDEN);
    }
    let version = headers.get("api-version").and_then(|value| value.to_str().ok());
    if version == Some(API_VERSION) { Ok(()) } else { Err(Rejection::VALIDATION) }
}

/// The answer about a payment request, unless it is to be a false one.
fn answer(
    request: PaymentRequest,
    status: StatusCode,
    trouble: Option<Trouble>,
    world: &World,
) -> Result<Outcome, Rejection> {
    let text = lied(request, world).text().ok_or(Rejection::SERVER_ERROR)?;
    Ok(Outcome::Answered(status, text, trouble))
}

fn lied(mut request: PaymentRequest, world: &World) -> PaymentRequest {
    super::falsify(world, request.money.as_mut(), &mut request.reference_id);
    request
}

fn asked(body: &Body<'_>, merchant: &Merchant, now: Timestamp) -> Result<Asked, Rejection> {
    let reference_id = body.required("reference_id", 255)?;
    let is_reusable = match body.required("type", 32)?.as_str() {
        "PAY" => false,
        "REUSABLE_PAYMENT_CODE" => true,
        _ => return Err(Rejection::VALIDATION),
    };
    let country = body.required("country", 2)?;
    let currency = body.required("currency", 3)?;
    let code = body.required("channel_code", 100)?;
    let properties = body.object("channel_properties")?;
    let display_name = properties.optional("display_name", 255)?;
    let expires = properties.optional("expires_at", 64)?;
    let description = body.optional("description", 1000)?;
    let capture = body.optional("capture_method", 16)?;
    body.optional_object("metadata")?;
    // How a channel is refused that is not there is not documented: a public program was answered 400
    // with a text about the channel code.
    let channel = PaymentChannel::of(&code)
        .filter(|channel| merchant.currencies.contains(&channel.currency))
        .ok_or(Rejection::VALIDATION)?;
    let fits = country == channel.country.as_str()
        && currency == channel.currency.as_str()
        && capture.is_none_or(|capture| capture == "AUTOMATIC")
        && (channel.is_reusable || !is_reusable)
        && (channel.sets_expiry || expires.is_none());
    if !fits {
        return Err(Rejection::VALIDATION);
    }
    let money = body.optional_amount("request_amount", channel.currency)?;
    if money.is_none() && !is_reusable {
        return Err(Rejection::MISSING);
    }
    let (least, most) = channel.limits;
    if money.is_some_and(|money| !(least..=most).contains(&money.minor())) {
        return Err(Rejection::VALUE);
    }
    let expires: Option<Timestamp> = match expires {
        Some(text) => Some(text.parse().map_err(|_| Rejection::VALIDATION)?),
        None => None,
    };
    if expires.is_some_and(|expires| expires <= now) {
        return Err(Rejection::VALUE);
    }
    let trigger = description.as_deref().map_or(Trigger::Pay, Trigger::of_description);
    Ok(Asked {
        reference_id,
        is_reusable,
        channel,
        money,
        description,
        display_name,
        expires,
        trigger,
    })
}

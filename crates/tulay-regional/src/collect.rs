//! Collections (2.2, 3.2, 4.2, 5.2, 6.1): asked for once, looked up by our id.

use crate::{
    ask, channels, error,
    exchange::Reply,
    map,
    pay_by::{self, Unusable},
    profile::{LONGEST_REMARK, Profile},
    provider::Regional,
    wire::{self, Check, CreatePayment, Paying},
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::borrow::Cow;
use tulay_adapter::json::nonempty;
use tulay_core::{
    Capability, Channel, Collection, CollectionRequest, Collections, Effect, Error, ErrorKind,
    Field, Found, InstitutionId, Invalid, Lookup, Method, Operation, OrderId, Prepared, Result,
    Status,
};

const OPERATION: Operation = Operation::Collection;

/// [`Prepared::form`] of a collection: until when it can be paid, or `-`; a blank; the text of
/// `param` without its time stamp, its `expireSeconds` 0.
const FORM: u16 = 3;

/// Longest `notifyUrl` and `redirectUrl`, in characters (2.2.1).
const LONGEST_NOTIFY_URL: usize = 256;
const LONGEST_RETURN_URL: usize = 512;

/// `expireSeconds` (5.2.1).
const LIVES: std::ops::RangeInclusive<i64> = 30..=3600;

#[async_trait]
impl Collections for Regional {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        let profile = self.profile(OPERATION, request.country)?;
        self.allow(&[OPERATION, Operation::CollectionFind], profile.country)?;
        self.collections.admit_request(request)?;
        let param = self.payment(profile, request, order_id)?;
        let body = ask::with_instant(request.expires, &param);
        let lookup = request.lookup(order_id);
        let contract = self.collections.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let lookup = &prepared.lookup;
        let profile = self.profile(OPERATION, lookup.country)?;
        self.allow(&[OPERATION, Operation::CollectionFind], profile.country)?;
        let order_id = &lookup.order_id;
        let (expires, param) = ask::instant_and_text(&prepared.body).unwrap_or_default();
        let names_order = ask::is_for(param, "mchOrderId", order_id.as_str());
        prepared.check(OPERATION, &self.account, FORM, names_order)?;
        // What was prepared while its channelCode could be used is not sent after.
        self.channel_code(profile, lookup.channel, lookup.institution.as_ref())?;
        let param = expiring(expires, param, || self.connection.context.clock.now())
            .map_err(|invalid| Error::invalid(OPERATION, &invalid))?;
        let path = profile.path(&self.connection.settings.paths.collection);
        let sent = self.connection.exchange(OPERATION, &path, Some(order_id), &param);
        self.collection(OPERATION, profile, lookup, &sent.await?)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        let profile = self.profile(operation, lookup.country)?;
        self.allow(&[operation], profile.country)?;
        let path = profile.path(&self.connection.settings.paths.collection_find);
        let check = wire::to_json(&Check { mch_order_id: lookup.order_id.as_str() });
        match self.connection.exchange(operation, &path, Some(&lookup.order_id), &check).await {
            Ok(reply) => self.collection(operation, profile, lookup, &reply).map(Found::Found),
            Err(error) => error::absent(error).map(Found::Absent),
        }
    }
}

impl Regional {
    /// The text of Create Payment's `param`, without its time stamp.
    fn payment(
        &self,
        profile: &Profile,
        request: &CollectionRequest,
        order_id: &OrderId,
    ) -> Result<String> {
        let invalid = |invalid| Error::invalid(OPERATION, &invalid);
        ask::no_extras(&request.extras).map_err(invalid)?;
        let channel = request.method.channel();
        let amount = ask::amount(profile, request.amount).map_err(invalid)?;
        let channel_code = self.channel_code(profile, channel, request.method.institution())?;
        let payer = ask::payer(profile, &request.payer).map_err(invalid)?;
        let (open_id, app_id) = match &request.method {
            Method::WeChat { open_id, app_id } => (Some(open_id.expose()), Some(app_id.as_str())),
            _ => (None, None),
        };
        // WeChat asks on its own page for the address that the payer comes from (5.2.1).
        let by_wechat = profile.collection.wechat
            && request.method.institution().is_some_and(|id| id.as_str() == "wechat");
        if by_wechat && request.payer.ip.is_none() {
            let expected = "the address of the payer's device, as WeChat requires";
            return Err(invalid(Invalid::new(Field::Ip.as_str(), expected)));
        }
        let return_url = ask::line("return_url", request.return_url.as_deref(), LONGEST_RETURN_URL)
            .map_err(invalid)?;
        Ok(wire::to_json(&CreatePayment {
            mch_order_id: ask::order_id(&(1..=32), order_id).map_err(invalid)?,
            amount: Some(amount),
            customer_name: &payer.name,
            channel_code,
            notify_url: &self.notify_url(OPERATION)?,
            redirect_url: return_url,
            email: &payer.email,
            mobile: &payer.mobile,
            remark: ask::line("remark", request.remark.as_deref(), LONGEST_REMARK)
                .map_err(invalid)?,
            expire_seconds: lives(profile, request).map_err(invalid)?,
            payer_client_ip: request.payer.ip.filter(|_| by_wechat).map(|ip| ip.to_string()),
            wp_openid: open_id,
            wp_appid: app_id,
        }))
    }

    /// The `channelCode` of a collection, where it may be used.
    fn channel_code(
        &self,
        profile: &Profile,
        channel: Channel,
        institution: Option<&InstitutionId>,
    ) -> Result<&str> {
        let configured = self.connection.settings.channels.get(&profile.country);
        let known = channels::of_collection(configured, profile, channel, institution)
            .ok_or_else(|| unknown_channel(OPERATION, profile))?;
        self.allow_code(OPERATION, known)?;
        Ok(known.code)
    }

    /// Where notifications of an operation arrive, which the provider asks for.
    pub(crate) fn notify_url(&self, operation: Operation) -> Result<String> {
        let base = self.connection.context.notify_url.as_ref().map(ToString::to_string);
        let url = base.map(|base| format!("{}/{operation}", base.trim_end_matches('/')));
        url.filter(|url| url.len() <= LONGEST_NOTIFY_URL).ok_or_else(|| {
            let message = "regional asks for an address that it can notify (notify_url), of at \
                           most 256 characters";
            Error::new(operation, ErrorKind::Configuration, message)
                .at("notify_url")
                .effect_is(Effect::NotSent)
        })
    }

    /// The collection of an answer.
    fn collection(
        &self,
        operation: Operation,
        profile: &'static Profile,
        lookup: &Lookup,
        reply: &Reply,
    ) -> Result<Collection> {
        let settings = &self.connection.settings;
        let mut paying: Paying<'_> = reply.read()?;
        let answer = reply.answer.clone();
        let asked = &lookup.order_id;
        let said = map::answered(operation, profile, settings, asked, reply.read()?, &answer)?;
        let mut said = map::as_collection(said, &settings.contract.bound);
        said.answer = Some(answer.clone());
        let said = said.agreeing(operation, lookup)?;
        // A collection that is over shows nothing: a code must not hide its end.
        let shown = if said.status.is_final() {
            Ok(None)
        } else {
            let institution = lookup.institution.as_ref();
            pay_by::pay_by(profile, lookup.channel, institution, lookup.amount, &paying)
        };
        let mut collection = Collection::new(said);
        collection.pay_by = shown.map_err(|why| unusable(operation, why).answered(answer))?;
        collection.expires =
            nonempty(paying.expires_time.take()).map(|text| map::time(text, settings.offset()));
        Ok(collection)
    }
}

/// A place for `expireSeconds`, which Thailand alone has: it counts from the time of sending.
fn lives(profile: &Profile, request: &CollectionRequest) -> Result<Option<i64>, Invalid> {
    if request.expires.is_some() && !profile.collection.expires {
        let expected = format!("none: no payment of {} can be told when to end", profile.country);
        return Err(Invalid::new("expires", expected));
    }
    Ok(request.expires.map(|_| 0))
}

/// The prepared text with its `expireSeconds` as of now.
fn expiring(
    expires: Option<Timestamp>,
    param: &str,
    now: impl FnOnce() -> Timestamp,
) -> Result<Cow<'_, str>, Invalid> {
    let Some(expires) = expires else { return Ok(Cow::Borrowed(param)) };
    let lives = expires.duration_since(now()).as_secs();
    if !LIVES.contains(&lives) {
        let expected = format!("{} to {} seconds from now", LIVES.start(), LIVES.end());
        return Err(Invalid::new("expires", expected));
    }
    // A quotation mark inside a text is escaped, so no other member can hold this.
    let member = |seconds| format!(r#""expireSeconds":{seconds}"#);
    Ok(Cow::Owned(param.replacen(&member(0), &member(lives), 1)))
}

/// There is no code for this way to pay; another provider may well have one.
pub(crate) fn unknown_channel(operation: Operation, profile: &Profile) -> Error {
    let country = profile.country;
    let expected =
        format!("a way to pay whose code is known here (or name it in channels.{country})");
    let invalid = Invalid::new("institution", expected);
    Error::invalid_as(ErrorKind::Unsupported, operation, &invalid)
}

/// A code that cannot be read, or asks for something else, is not shown to a payer.
pub(crate) fn unusable(operation: Operation, why: Unusable) -> Error {
    let (kind, message) = match why {
        Unusable::Unreadable => (ErrorKind::Unexpected, "regional's payData cannot be read"),
        Unusable::OtherAmount => {
            (ErrorKind::Mismatch, "regional's payData asks for another amount than was asked for")
        }
    };
    Error::new(operation, kind, message).at("payData")
}

//! Collections (2.2, 3.2, 4.2, 5.2, 6.1): requested once, looked up by our id.

use crate::{
    channels, codes,
    envelope::{instant_and_text, with_instant},
    map,
    payment_instructions::payment_instructions,
    profile::{self, LONGEST_REMARK, NAME, Profile},
    provider::Regional,
    wire::{Check, CreatePayment, Paying},
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::borrow::Cow;
use tulay_adapter::{
    json::to_json,
    reply::Reply,
    request::{is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Collection, CollectionMethod, CollectionRequest, Collections, Error, Field, Found,
    Invalid, Lookup, Operation, OrderId, Prepared, Result, Status,
};

const OPERATION: Operation = Operation::Collection;

/// [`Prepared::form`] of a collection: until when it can be paid, or `-`; a blank; the text of
/// `param` without its time stamp, its `expireSeconds` 0.
const FORM: u16 = 3;

/// Longest `redirectUrl`, in characters (2.2.1).
const LONGEST_RETURN_URL: usize = 512;

/// `expireSeconds` (5.2.1).
const LIVES: std::ops::RangeInclusive<i64> = 30..=3600;

#[async_trait]
impl Collections for Regional {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[OPERATION, Operation::CollectionFind], request.country)?;
        let profile = self.client.profile(OPERATION, request.country)?;
        self.collections.admit_request(request)?;
        let body = with_instant(request.expires, &self.payment(profile, request, order_id)?);
        let (lookup, guarantees) = (request.lookup(order_id), self.collections.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let lookup = &prepared.lookup;
        self.allow(&[OPERATION, Operation::CollectionFind], lookup.country)?;
        let profile = self.client.profile(OPERATION, lookup.country)?;
        let (expires, param) = instant_and_text(&prepared.body).unwrap_or_default();
        let names_order = is_for(param, "mchOrderId", &lookup.order_id);
        prepared.check(OPERATION, &self.account, FORM, names_order)?;
        // What was prepared while its channelCode could be used is not sent after.
        let (settings, institution) = (&self.client.settings, lookup.institution.as_ref());
        channels::code(settings, OPERATION, profile, lookup.channel, institution)?;
        let param = expiring(expires, param, || self.client.context.clock.now())
            .map_err(|invalid| Error::invalid(OPERATION, &invalid))?;
        let path = profile.path(&settings.paths.collection);
        let order_id = Some(&lookup.order_id);
        let reply = self.client.exchange(OPERATION, &path, order_id, &param).await?;
        self.collection(OPERATION, profile, lookup, &reply)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(&[operation], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let path = profile.path(&self.client.settings.paths.collection_find);
        let check = to_json(&Check { mch_order_id: lookup.order_id.as_str() });
        match self.client.exchange(operation, &path, Some(&lookup.order_id), &check).await {
            Ok(reply) => self.collection(operation, profile, lookup, &reply).map(Found::Found),
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
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
        no_extras(NAME, &request.extras).map_err(invalid)?;
        let channel = request.method.channel();
        let amount = profile.amount(request.amount).map_err(invalid)?;
        let institution = request.method.institution();
        let settings = &self.client.settings;
        let channel_code = channels::code(settings, OPERATION, profile, channel, institution)?;
        let payer = profile.payer(&request.payer).map_err(invalid)?;
        let (open_id, app_id) = match &request.method {
            CollectionMethod::WeChat { open_id, app_id } => {
                (Some(open_id.expose()), Some(app_id.as_str()))
            }
            _ => (None, None),
        };
        // WeChat asks on its own page for the address that the payer comes from (5.2.1).
        let by_wechat =
            profile.collection.wechat && institution.is_some_and(|id| id.as_str() == "wechat");
        if by_wechat && request.payer.ip.is_none() {
            let expected = "the address of the payer's device, as WeChat requires";
            return Err(invalid(Invalid::new(Field::Ip.as_str(), expected)));
        }
        let return_url = one_line("return_url", request.return_url.as_deref(), LONGEST_RETURN_URL)
            .map_err(invalid)?;
        Ok(to_json(&CreatePayment {
            mch_order_id: profile::order_id(&(1..=32), order_id).map_err(invalid)?,
            amount: Some(amount),
            customer_name: &payer.name,
            channel_code,
            notify_url: &self.client.notify_url(OPERATION, order_id)?,
            redirect_url: return_url,
            email: &payer.email,
            mobile: &payer.mobile,
            remark: one_line("remark", request.remark.as_deref(), LONGEST_REMARK)
                .map_err(invalid)?,
            expire_seconds: lives(profile, request).map_err(invalid)?,
            payer_client_ip: request.payer.ip.filter(|_| by_wechat).map(|ip| ip.to_string()),
            wp_openid: open_id,
            wp_appid: app_id,
        }))
    }

    /// The collection of an answer.
    fn collection(
        &self,
        operation: Operation,
        profile: &Profile,
        lookup: &Lookup,
        reply: &Reply,
    ) -> Result<Collection> {
        let paying: Paying<'_> = reply.read()?;
        let order = reply.read()?;
        let observation =
            map::order(&self.client, operation, lookup, reply, order, map::collection_status)?;
        let mut collection = Collection::new(observation);
        let environment = self.client.settings.environment;
        // A collection that is over shows nothing: a code must not hide its end. A code whose amount
        // cannot be compared is not shown either.
        if !collection.observation.status.is_final() && lookup.amount.is_some() {
            collection.payment_instructions =
                payment_instructions(environment, profile, lookup, lookup.amount, reply, &paying)?;
        }
        let offset = self.client.settings.offset();
        collection.expires = paying.expires_time.into_string().map(|text| map::time(text, offset));
        Ok(collection)
    }
}

/// A place for `expireSeconds`, which Thailand alone has: it counts from the time of sending.
fn lives(profile: &Profile, request: &CollectionRequest) -> Result<Option<i64>, Invalid> {
    if request.expires.is_some() && !profile.collection.expires {
        let why = format!("a collection in {} has no expiry time", profile.country);
        return Err(Invalid::unsupported("expires", why));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expire_seconds_count_from_sending() {
        let now: Timestamp = "2026-11-20T02:00:00Z".parse().unwrap();
        let at = |seconds| now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
        let text = r#"{"mchOrderId":"C","remark":"\"expireSeconds\":0","expireSeconds":0}"#;
        let sent =
            |expires: Option<Timestamp>| expiring(expires, text, || now).map(Cow::into_owned);
        for seconds in [30, 1800, 3600] {
            let expected = format!(
                r#"{{"mchOrderId":"C","remark":"\"expireSeconds\":0","expireSeconds":{seconds}}}"#
            );
            assert_eq!(sent(Some(at(seconds))), Ok(expected));
        }
        for seconds in [-1, 0, 29, 3601] {
            assert_eq!(sent(Some(at(seconds))).unwrap_err().field(), "expires", "{seconds}");
        }
        assert_eq!(sent(None).as_deref(), Ok(text));
    }
}

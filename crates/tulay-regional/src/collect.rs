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
use tulay_adapter::json::nonempty;
use tulay_core::{
    Capability, Collection, CollectionRequest, CollectionStatus, Collections, Effect, Error,
    ErrorKind, Field, Found, InstitutionId, Invalid, Lookup, Method, Operation, OrderId, Result,
};

const OPERATION: Operation = Operation::Collection;

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

    async fn create(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Collection> {
        let profile = self.profile(OPERATION, request.country)?;
        self.allow(&[OPERATION, Operation::CollectionFind], profile.country)?;
        let corridor = self.collections.admit_collection(request)?;
        let param = self.payment(profile, request, order_id)?;
        let mut lookup =
            Lookup::new(order_id.clone(), corridor.country, corridor.currency, corridor.channel);
        lookup.amount = Some(request.amount);
        lookup.institution = institution(&request.method).cloned();
        let path = profile.path(&self.connection.settings.paths.collection);
        let sent = self.connection.exchange(OPERATION, &path, Some(order_id), &param);
        self.collection(OPERATION, profile, &lookup, &sent.await?)
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

    async fn cancel(&self, _: &Lookup) -> Result<Collection> {
        let message = "regional has no way to withdraw a collection";
        Err(Error::unsupported(Operation::CollectionCancel, message))
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
        let settings = &self.connection.settings;
        let known = channels::of_collection(
            settings.channels.get(&profile.country),
            profile,
            channel,
            institution(&request.method),
        );
        let known = known.ok_or_else(|| unknown_channel(OPERATION, profile))?;
        self.allow_code(OPERATION, known)?;
        let payer = ask::payer(profile, &request.payer).map_err(invalid)?;
        let (open_id, app_id) = match &request.method {
            Method::WeChat { open_id, app_id } => (Some(open_id.expose()), Some(app_id.as_str())),
            _ => (None, None),
        };
        // WeChat asks on its own page for the address that the payer comes from (5.2.1).
        let by_wechat = profile.collection.wechat
            && institution(&request.method).is_some_and(|id| id.as_str() == "wechat");
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
            channel_code: known.code,
            notify_url: &self.notify_url(OPERATION)?,
            redirect_url: return_url,
            email: &payer.email,
            mobile: &payer.mobile,
            remark: ask::line("remark", request.remark.as_deref(), LONGEST_REMARK)
                .map_err(invalid)?,
            expire_seconds: self.lives(profile, request).map_err(invalid)?,
            payer_client_ip: request.payer.ip.filter(|_| by_wechat).map(|ip| ip.to_string()),
            wp_openid: open_id,
            wp_appid: app_id,
        }))
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

    /// `expireSeconds`, which Thailand alone has.
    fn lives(
        &self,
        profile: &Profile,
        request: &CollectionRequest,
    ) -> Result<Option<i64>, Invalid> {
        let Some(expires) = request.expires else { return Ok(None) };
        if !profile.collection.expires {
            let expected =
                format!("none: no payment of {} can be told when to end", profile.country);
            return Err(Invalid::new("expires", expected));
        }
        let lives = expires.duration_since(self.connection.context.clock.now()).as_secs();
        if LIVES.contains(&lives) {
            return Ok(Some(lives));
        }
        let expected = format!("{} to {} seconds from now", LIVES.start(), LIVES.end());
        Err(Invalid::new("expires", expected))
    }

    /// What an answer says of a collection.
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
        let said = map::answered(operation, profile, settings, reply.read()?, &answer)?;
        let mut said = map::as_collection(said, &settings.contract.bound);
        said.answer = Some(answer.clone());
        let said = said.agreeing(operation, lookup)?;
        // What is paid or over is not shown to anybody: its code hides not what became of it.
        let is_over = matches!(said.status, CollectionStatus::Paid | CollectionStatus::Failed);
        let shown = if is_over {
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

/// The bank or wallet that a method names.
pub(crate) const fn institution(method: &Method) -> Option<&InstitutionId> {
    match method {
        Method::VirtualAccount(id) | Method::Redirect(id) => Some(id),
        _ => None,
    }
}

/// There is no code for this way to pay; another provider may well have one.
pub(crate) fn unknown_channel(operation: Operation, profile: &Profile) -> Error {
    let country = profile.country;
    let expected =
        format!("a way to pay whose code is known here (or name it in channels.{country})");
    let invalid = Invalid::new("institution", expected);
    Error::unsupported(operation, invalid.to_string()).at(invalid.field)
}

/// Nobody may be shown what cannot be read, or asks for something else.
pub(crate) fn unusable(operation: Operation, why: Unusable) -> Error {
    let (kind, message) = match why {
        Unusable::Unreadable => (ErrorKind::Unexpected, "regional's payData cannot be read"),
        Unusable::OtherAmount => {
            (ErrorKind::Mismatch, "regional's payData asks for another amount than was asked for")
        }
    };
    Error::new(operation, kind, message).at("payData")
}

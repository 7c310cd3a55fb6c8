//! Collections by QR Ph and on wallets' pages, in three requests: an intent, a payment method, and
//! the two attached to each other.
//!
//! # What a copy can do
//! No key against duplicates is documented for the three, so a second `create` makes a second
//! intent under one order id. Only `attach` makes an intent payable, and what can then be paid is the
//! code or page in its answer. An answer that is lost was shown to no payer, and an intent without a
//! method has nothing that could be shown. So of all intents under one order id only one can be
//! paid: the one whose code was returned. That holds as long as one call's code is shown, so `create`
//! is called once for each attempt, and the guarantees promise no replay here.
//!
//! A rejection of the second or third request moves no money either, and yet proves nothing: the
//! intent stands, its id is known, and the dashboard could still pay it. Such an error is `Unknown`
//! and carries the intent's id, and the look-up says that it waits for a payment method.

use crate::{
    client::Client,
    codes,
    map::{self, is_of_this_mode},
    profile::{self, EXPIRY_SECONDS, LONGEST_REMARK, NAME},
    provider::Paymongo,
    qr,
    wire::{
        self, Attach, Billing, CreateIntent, CreateMethod, Metadata, Method, Resource, Shown, Steps,
    },
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::borrow::Cow;
use tulay_adapter::{
    json::{provider_reference, to_json},
    reply::Reply,
    request::{is_for, no_extras, not_sent, one_line, path_segment},
};
use tulay_core::{
    Capability, Channel, Collection, CollectionMethod, CollectionRequest, Collections, Country,
    Email, Environment, Error, ErrorKind, Found, Invalid, Lookup, Name, Operation, OrderId, Party,
    PaymentInstructions, Phone, Prepared, ProviderReference, ProviderTime, Result, Status, link,
};

/// [`Prepared::form`] of a collection: [`Steps`].
const FORM: u16 = 1;

#[async_trait]
impl Collections for Paymongo {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Collection;
        self.allow(&[operation, Operation::CollectionFind], request.country)?;
        self.allow_channel(request.method.channel())?;
        self.collections.admit_request(request)?;
        let body = steps(request, order_id).map_err(|invalid| {
            let kind = match invalid.field() {
                "institution" => ErrorKind::Unsupported,
                _ => ErrorKind::InvalidRequest,
            };
            Error::invalid_as(kind, operation, &invalid)
        })?;
        let (lookup, guarantees) = (request.lookup(order_id), self.collections.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        let lookup = &prepared.lookup;
        self.allow(&[operation, Operation::CollectionFind], lookup.country)?;
        self.allow_channel(lookup.channel)?;
        let names_order = is_for(&prepared.body, "order_id", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let mut steps: Steps<'_> = serde_json::from_str(&prepared.body)
            .map_err(|_| not_sent(operation, "this collection was prepared by another version"))?;
        steps.method.expiry_seconds = self.expiry_seconds(steps.expires.as_deref())?;

        let path = &self.client.settings.paths.intents;
        let text = wire::enclosed(&steps.intent);
        let reply = self.client.post(operation, path, None, text).await?;
        // The draft is compared before anything is built on it.
        let draft = map::collection(&self.client, operation, lookup, &reply)?;
        if draft.order_id.is_none() {
            let message = "the intent does not name the order";
            return Err(reply.error(ErrorKind::Unrelated, message).with_field("order_id"));
        }
        let id = draft.provider_reference.ok_or_else(|| {
            reply.error(ErrorKind::Unexpected, "the intent has no id").with_field("id")
        })?;
        // From here on an intent is there, whatever happens.
        let attached = self.attach(lookup, &id, &steps).await;
        attached.map_err(|error| error.with_provider_reference(id))
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        // Whether it is paid is read of the same members as in the creating call.
        self.allow(&[operation, Operation::Collection], lookup.country)?;
        let (path, id) = (&self.client.settings.paths.intents, lookup.provider_reference.as_ref());
        match self.client.find(operation, path, id).await {
            Ok(reply) => map::collection(&self.client, operation, lookup, &reply)
                .map(|observation| Found::Found(Collection::new(observation))),
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
        }
    }
}

impl Paymongo {
    /// Refuses codes in production, as long as no merchant is configured that they can be compared
    /// with: a payer would pay whom the answer names.
    fn allow_channel(&self, channel: Channel) -> Result<()> {
        if channel != Channel::Qr || self.client.settings.may_show_codes() {
            return Ok(());
        }
        let message = "production shows no code whose merchant cannot be compared: set qr_merchant \
                       to the name that codes of this account show";
        Err(not_sent(Operation::Collection, message).with_field("qr_merchant"))
    }

    /// The second and the third request.
    async fn attach(
        &self,
        lookup: &Lookup,
        id: &ProviderReference,
        steps: &Steps<'_>,
    ) -> Result<Collection> {
        let operation = Operation::Collection;
        let paths = &self.client.settings.paths;
        let text = wire::enclosed(&steps.method);
        let reply = self.client.post(operation, &paths.methods, None, text).await?;
        let method = method(&self.client, lookup, &reply, &steps.method.kind)?;
        let path = format!("{}/{}/attach", paths.intents, path_segment(NAME, operation, Some(id))?);
        let attach =
            Attach { payment_method: method.as_str(), return_url: steps.return_url.as_deref() };
        let text = wire::enclosed(&attach);
        let reply = self.client.post(operation, &path, None, text).await?;
        // The answer is about this intent, or about something else.
        let mut lookup = lookup.clone();
        lookup.provider_reference = Some(id.clone());
        let observation = map::collection(&self.client, operation, &lookup, &reply)?;
        let mut collection = Collection::new(observation);
        if !collection.observation.status.is_final() {
            let shown = shown(&self.client, &lookup, &reply)?;
            (collection.payment_instructions, collection.expires) = shown;
        }
        Ok(collection)
    }

    /// How long the code may be open, counted from now, and never longer than requested.
    fn expiry_seconds(&self, expires: Option<&str>) -> Result<Option<i64>> {
        let Some(expires) = expires else { return Ok(None) };
        let at: Option<Timestamp> = expires.parse().ok();
        let left = at.map(|at| at.duration_since(self.client.context.clock.now()).as_secs());
        match left.filter(|seconds| EXPIRY_SECONDS.contains(seconds)) {
            Some(seconds) => Ok(Some(seconds)),
            None => {
                let invalid = Invalid::new("expires", "1 minute to 2 hours 30 minutes from now");
                Err(Error::invalid(Operation::Collection, &invalid))
            }
        }
    }
}

/// The three requests, as far as they are known before the first is answered.
fn steps(request: &CollectionRequest, order_id: &OrderId) -> Result<String, Invalid> {
    no_extras(NAME, &request.extras)?;
    let is_code = request.method == CollectionMethod::Qr;
    let kind = match &request.method {
        CollectionMethod::Qr => "qrph",
        CollectionMethod::Redirect(wallet) => profile::wallet_type(wallet)
            .ok_or_else(|| Invalid::new("institution", "gcash, maya or grabpay"))?,
        _ => return Err(Invalid::new("method", "a QR code, or a wallet's page")),
    };
    if request.terminal.is_some() {
        return Err(Invalid::unsupported("terminal", "payments name no terminal"));
    }
    if request.display_name.is_some() {
        return Err(Invalid::unsupported("display_name", "codes show the account's own name"));
    }
    if request.expires.is_some() && !is_code {
        return Err(Invalid::unsupported("expires", "only codes have a time of expiry"));
    }
    let description = one_line("remark", request.remark.as_deref(), LONGEST_REMARK)?;
    let metadata = || Metadata { order_id: Cow::Borrowed(order_id.as_str()) };
    let billing = Some(billing(&request.payer)).filter(|billing| *billing != Billing::default());
    let expires = request.expires.map(|at| at.to_string());
    Ok(to_json(&Steps {
        order_id: Cow::Borrowed(order_id.as_str()),
        intent: CreateIntent {
            amount: request.amount.minor(),
            currency: Cow::Borrowed(request.amount.currency().as_str()),
            payment_method_allowed: [Cow::Borrowed(kind)],
            description: description.map(Cow::Borrowed),
            metadata: metadata(),
        },
        method: CreateMethod {
            kind: Cow::Borrowed(kind),
            expiry_seconds: None,
            billing,
            metadata: metadata(),
        },
        // A code leads nowhere afterwards.
        return_url: request.return_url.as_deref().filter(|_| !is_code).map(Cow::Borrowed),
        expires: expires.map(Cow::Owned),
    }))
}

/// The payer, as far as the request names one.
fn billing(payer: &Party) -> Billing<'_> {
    let phone =
        |phone: &Phone| phone.national(Country::PH).unwrap_or_else(|| phone.expose().to_owned());
    Billing {
        name: payer.name.as_ref().map(Name::whole).map(|name| Cow::Owned(name.expose().to_owned())),
        email: payer.email.as_ref().map(Email::expose).map(Cow::Borrowed),
        phone: payer.mobile.as_ref().map(phone).map(Cow::Owned),
    }
}

/// The id of the payment method in an answer, compared with what was requested.
fn method(
    client: &Client,
    lookup: &Lookup,
    reply: &Reply,
    kind: &str,
) -> Result<ProviderReference> {
    let operation = Operation::Collection;
    let resource: Resource<'_> = reply.read()?;
    let read = reply.reader().read::<Method<'_>>(resource.attributes.get());
    let method = read.map_err(|error| reply.attach(error))?;
    is_of_this_mode(client, operation, method.livemode).map_err(|error| reply.attach(error))?;
    if wire::order_id(method.metadata).is_some_and(|id| id != lookup.order_id) {
        let message = "the payment method is of another order";
        return Err(reply.error(ErrorKind::Unrelated, message).with_field("order_id"));
    }
    if method.kind.0 != kind {
        let message = "the payment method is of another type";
        return Err(reply.error(ErrorKind::Mismatch, message).with_field("type"));
    }
    provider_reference(&resource.id).ok_or_else(|| {
        reply.error(ErrorKind::Unexpected, "the payment method has no id").with_field("id")
    })
}

/// What a payer is shown, and until when it can be paid.
fn shown(
    client: &Client,
    lookup: &Lookup,
    reply: &Reply,
) -> Result<(Option<PaymentInstructions>, Option<ProviderTime>)> {
    let settings = &client.settings;
    let resource: Resource<'_> = reply.read()?;
    let read = reply.reader().read::<Shown<'_>>(resource.attributes.get());
    let Some(action) = read.map_err(|error| reply.attach(error))?.next_action else {
        return Ok((None, None));
    };
    match (lookup.channel, &action.code, &action.redirect) {
        (Channel::Qr, Some(code), _) => {
            let instructions = qr::payment_instructions(settings, lookup, reply, code)?;
            // Codes of the test mode are live (qr-ph-api).
            let is_hidden = settings.environment == Environment::Uat && !settings.show_test_codes;
            let instructions = Some(instructions).filter(|_| !is_hidden);
            Ok((instructions, map::time(&code.expires_at)))
        }
        (Channel::Redirect, _, Some(page)) if link::allows(settings.environment, &page.url.0) => {
            Ok((Some(PaymentInstructions::Redirect(page.url.0.to_string())), None))
        }
        (Channel::Redirect, _, Some(_)) => {
            let message = "paymongo's page is no address on the Internet";
            Err(reply.error(ErrorKind::Unexpected, message).with_field("url"))
        }
        _ => Ok((None, None)),
    }
}

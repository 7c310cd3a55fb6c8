//! The roles of section 6, and the reading of codes in 5.7.

use crate::{
    code::{Code, Payee},
    collect::{self, Asks},
    disburse::notify_url,
    error, map,
    provider::Starpay,
    wire::{Message, Query, Text},
};
use async_trait::async_trait;
use tulay_core::{
    Capability, CodeRequest, CodeStatus, Collection, CollectionCancel, CollectionRequest,
    CollectionStatus, Collections, Currency, Effect, Error, ErrorKind, Found, Inspection, Invalid,
    Lookup, Money, Name, NamePart, Operation, OrderId, Prepared, QrCodes, QrInspection, QrText,
    Result, StaticCode, StaticCodeControl, Terminal,
};

/// [`Prepared::form`] of a collection: the text of `request`.
const COLLECTION_FORM: u16 = 2;
/// [`Prepared::form`] of a static code: the text of `request`.
const CODE_FORM: u16 = 3;

#[async_trait]
impl Collections for Starpay {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Collection;
        self.allow(&[operation])?;
        self.collections.admit_request(request)?;
        let notify_url = notify_url(&self.connection.context, operation);
        let settings = &self.connection.settings;
        let (body, terminal) = collect::repay(settings, request, order_id, notify_url.as_deref())?;
        let mut lookup = request.lookup(order_id);
        lookup.terminal = Some(terminal);
        let contract = self.collections.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, COLLECTION_FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        self.allow(&[operation])?;
        let lookup = &prepared.lookup;
        let asks = Asks::of(&prepared.body, &lookup.order_id);
        prepared.check(operation, &self.account, COLLECTION_FORM, asks.is_some())?;
        let expires = asks.and_then(|asks| asks.expires());
        let until = expires.as_ref().and_then(|expires| expires.at);
        if until.is_some_and(|until| until <= self.connection.context.clock.now()) {
            let invalid = Invalid::new("expires", "a time to come");
            return Err(Error::invalid(operation, &invalid));
        }
        let settings = &self.connection.settings;
        let path = &settings.paths.collection;
        let message_id = lookup.order_id.as_str();
        let reply = self.connection.exchange(operation, path, message_id, &prepared.body).await?;
        let bound = &self.collections.contract.bound;
        let mut collection = collect::created(settings, bound, lookup, reply)?;
        // The answer does not repeat it: the requested time was accepted.
        collection.expires = expires;
        collection.observation = collection.observation.agreeing(operation, lookup)?;
        Ok(collection)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(&[operation])?;
        let settings = &self.connection.settings;
        let bound = &self.collections.contract.bound;
        let (paths, services) = (&settings.paths, &settings.services);
        let asked = match &lookup.rail_reference {
            None => {
                let (path, service) = (&paths.collection_find, &services.collection_find);
                self.connection.ask(operation, path, service, Some(&lookup.order_id)).await
            }
            // 6.8: by the number that the payer sees.
            Some(number) => {
                self.connection.settings.policy().allow_assumed(operation)?;
                let query = Query {
                    ref_no: Some(number),
                    service: &services.collection_find_by_reference,
                    ..Query::default()
                };
                let path = &paths.collection_find_by_reference;
                self.connection.query(operation, path, query).await
            }
        };
        match asked {
            Ok(reply) => {
                let said = map::collection(operation, bound, reply)?;
                Ok(Found::Found(Collection::new(said.agreeing(operation, lookup)?)))
            }
            // That nothing has this number of the rail's does not say that the order is not there.
            Err(error) if lookup.rail_reference.is_some() => Err(error),
            Err(error) => error::absent(error, error::NO_SUCH_COLLECTION).map(Found::Absent),
        }
    }
}

#[async_trait]
impl CollectionCancel for Starpay {
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection> {
        let operation = Operation::CollectionCancel;
        self.allow(&[operation])?;
        let settings = &self.connection.settings;
        let path = &settings.paths.collection_cancel;
        let service = &settings.services.collection_cancel;
        let reply = self.connection.ask(operation, path, service, Some(&lookup.order_id)).await?;
        let said = map::collection(operation, &self.collections.contract.bound, reply)?;
        let said = said.agreeing(operation, lookup)?;
        match said.status {
            CollectionStatus::Paid | CollectionStatus::Failed | CollectionStatus::Reversed => {
                let message = format!("the collection is {} and was not withdrawn", said.status);
                let error = Error::new(operation, ErrorKind::State, message);
                let error = error.effect_is(Effect::Refused);
                Err(match said.answer {
                    Some(answer) => error.answered(answer),
                    None => error,
                })
            }
            _ => Ok(Collection::new(said)),
        }
    }
}

#[async_trait]
impl QrCodes for Starpay {
    fn capability(&self) -> &Capability {
        &self.qr_codes
    }

    fn prepare(&self, request: &CodeRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Code;
        self.allow(&[operation])?;
        self.qr_codes.admit_request(request)?;
        let notify_url = notify_url(&self.connection.context, operation);
        let settings = &self.connection.settings;
        let (body, terminal) =
            collect::static_code(settings, request, order_id, notify_url.as_deref())?;
        let mut lookup = request.lookup(order_id);
        lookup.terminal = Some(terminal);
        let contract = self.qr_codes.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, CODE_FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<StaticCode> {
        let operation = Operation::Code;
        self.allow(&[operation])?;
        let lookup = &prepared.lookup;
        let names_order = Asks::of(&prepared.body, &lookup.order_id).is_some();
        prepared.check(operation, &self.account, CODE_FORM, names_order)?;
        let settings = &self.connection.settings;
        let path = &settings.paths.static_code;
        let message_id = lookup.order_id.as_str();
        let reply = self.connection.exchange(operation, path, message_id, &prepared.body).await?;
        collect::created_code(settings, lookup.clone(), &reply)
    }

    async fn find(&self, _: &Lookup) -> Result<Found<StaticCode>> {
        let message = "starpay has no query for static codes";
        Err(Error::unsupported(Operation::CodeFind, message))
    }
}

#[async_trait]
impl StaticCodeControl for Starpay {
    async fn set_status(&self, lookup: &Lookup, status: CodeStatus) -> Result<StaticCode> {
        let operation = Operation::CodeStatus;
        self.allow(&[operation])?;
        let word = match status {
            CodeStatus::Active => "ACTIVE",
            CodeStatus::Inactive => "INACTIVE",
            _ => {
                let message = "starpay's codes are made active and inactive, and nothing else";
                return Err(Error::unsupported(operation, message).at("status"));
            }
        };
        let settings = &self.connection.settings;
        let query = Query {
            device_info: lookup.terminal.as_ref().map(Terminal::as_str),
            original_msg_id: Some(lookup.order_id.as_str()),
            service: &settings.services.static_code_status,
            status: Some(word),
            ..Query::default()
        };
        let path = &settings.paths.static_code_status;
        let reply = self.connection.query(operation, path, query).await?;
        let message: Message<'_> = reply.read()?;
        let differs =
            |said: Option<Text<'_>>, asked: &str| said.is_some_and(|text| text.0 != asked);
        let asked = lookup.terminal.as_ref().map(Terminal::as_str);
        let told = message.device_info.0.as_ref().map(|told| told.0.trim_end());
        let another = asked.zip(told).is_some_and(|(asked, told)| asked.trim_end() != told);
        let field = if differs(message.original_msg_id, lookup.order_id.as_str()) {
            Some("order_id")
        } else if another {
            Some("terminal")
        } else {
            Some("status").filter(|_| differs(message.status.0, word))
        };
        match field {
            None => Ok(StaticCode::new(lookup.clone(), status)),
            Some(field) => {
                let message = format!("the answer's {field} differs from the one asked for");
                let kind = match field {
                    "order_id" => ErrorKind::Unrelated,
                    _ => ErrorKind::Mismatch,
                };
                let error = Error::new(operation, kind, message);
                Err(error.at(field).answered(reply.answer))
            }
        }
    }
}

#[async_trait]
impl QrInspection for Starpay {
    async fn inspect(&self, text: &QrText) -> Result<Inspection> {
        let operation = Operation::Inspect;
        self.allow(&[operation])?;
        let local = Code::read(text.expose())
            .map_err(|what| Error::new(operation, ErrorKind::Destination, what).at("qr"))?;
        let settings = &self.connection.settings;
        let query = Query {
            qr_code: Some(text.expose()),
            service: &settings.services.inspect,
            ..Query::default()
        };
        let reply = self.connection.query(operation, &settings.paths.inspect, query).await?;
        let fail = |kind, message: &'static str, field: &'static str| {
            Err(Error::new(operation, kind, message).at(field).answered(reply.answer.clone()))
        };
        let message: Message<'_> = reply.read()?;
        let kind = match message.qr_type.0.as_ref().map(|text| &*text.0) {
            Some("P2M") => Payee::Merchant,
            Some("P2P") => Payee::Person,
            _ => return fail(ErrorKind::Unexpected, "starpay does not say whom it pays", "qrType"),
        };
        if kind != local.payee {
            return fail(ErrorKind::Mismatch, "starpay reads another kind of code", "qrType");
        }
        let stated = match &message.trx_amount {
            None => None,
            Some(amount) => match map::centavos(&amount.0) {
                Some(minor) => Some(Money::from_minor(minor, Currency::PHP)),
                None => {
                    return fail(ErrorKind::Unexpected, "its amount cannot be read", "trxAmount");
                }
            },
        };
        // A code that fixes none may be answered with a zero.
        let stated = stated.filter(|money| money.minor() != 0);
        if stated != local.amount {
            return fail(ErrorKind::Mismatch, "starpay reads another amount", "trxAmount");
        }
        let name = message.acct_name.0.and_then(|name| NamePart::new(name.0).ok());
        let mut inspection = Inspection::new(kind.as_str(), reply.answer);
        inspection.payee.name = name.map(Name::Full);
        inspection.amount = local.amount;
        Ok(inspection)
    }
}

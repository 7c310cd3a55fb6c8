//! Static codes (6.4), paid again and again, and their status (6.7).

use crate::{
    map,
    profile::NAME,
    provider::Starpay,
    qr::{self, display_name},
    settings::Settings,
    wire::{Asks, Message, Query, Repay},
};
use async_trait::async_trait;
use tulay_adapter::{
    json::{IfText, to_json},
    notify_url::notify_url,
    request::no_extras,
};
use tulay_core::{
    Capability, Error, ErrorKind, Found, Invalid, Lookup, Operation, OrderId, Prepared, Result,
    StaticCode, StaticCodeControl, StaticCodeRequest, StaticCodeStatus, StaticCodes, Terminal,
};

/// [`Prepared::form`] of a static code: the text of `request`.
const FORM: u16 = 3;

#[async_trait]
impl StaticCodes for Starpay {
    fn capability(&self) -> &Capability {
        &self.static_codes
    }

    fn prepare(&self, request: &StaticCodeRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::StaticCode], request.country)?;
        self.static_codes.admit_request(request)?;
        let notify_url = notify_url(&self.client.context, Operation::StaticCode, order_id);
        let (body, terminal) =
            static_code(&self.client.settings, request, order_id, notify_url.as_deref())?;
        let (mut lookup, guarantees) =
            (request.lookup(order_id), self.static_codes.guarantees.version);
        lookup.terminal = Some(terminal);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<StaticCode> {
        let operation = Operation::StaticCode;
        let lookup = &prepared.lookup;
        self.allow(&[operation], lookup.country)?;
        let names_order = Asks::of(&prepared.body, &lookup.order_id).is_some();
        prepared.check(operation, &self.account, FORM, names_order)?;
        let (path, order_id) = (&self.client.settings.paths.static_code, lookup.order_id.as_str());
        let reply = self.client.exchange(operation, path, order_id, &prepared.body).await?;
        let order = map::order(&self.client, operation, lookup, &reply, map::collection_status)?;
        let payment_instructions = qr::payment_instructions(&self.client.settings, lookup, &reply)?;
        let mut lookup = lookup.clone();
        lookup.provider_reference = order.provider_reference;
        let mut code = StaticCode::new(lookup, StaticCodeStatus::Active);
        code.payment_instructions = Some(payment_instructions);
        Ok(code)
    }

    async fn find(&self, _: &Lookup) -> Result<Found<StaticCode>> {
        let message = "starpay has no query for static codes";
        Err(Error::unsupported(Operation::StaticCodeFind, message))
    }
}

#[async_trait]
impl StaticCodeControl for Starpay {
    async fn set_status(&self, lookup: &Lookup, status: StaticCodeStatus) -> Result<StaticCode> {
        let operation = Operation::StaticCodeStatus;
        self.allow(&[operation], lookup.country)?;
        let word = match status {
            StaticCodeStatus::Active => "ACTIVE",
            StaticCodeStatus::Inactive => "INACTIVE",
            _ => {
                let message = "starpay's codes are made active and inactive, and nothing else";
                return Err(Error::unsupported(operation, message).with_field("status"));
            }
        };
        let settings = &self.client.settings;
        let query = Query {
            device_info: lookup.terminal.as_ref().map(Terminal::as_str),
            original_msg_id: Some(lookup.order_id.as_str()),
            service: &settings.services.static_code_status,
            status: Some(word),
            ..Query::default()
        };
        let path = &settings.paths.static_code_status;
        let reply = self.client.query(operation, path, query).await?;
        let message: Message<'_> = reply.read()?;
        let differs =
            |text: &IfText<'_>, expected: &str| text.as_str().is_some_and(|text| text != expected);
        let expected = lookup.terminal.as_ref().map(|terminal| terminal.as_str().trim_end());
        let terminal = message.device_info.as_str().map(str::trim_end);
        let (kind, field) = if differs(&message.original_msg_id, lookup.order_id.as_str()) {
            (ErrorKind::Unrelated, "order_id")
        } else if expected.zip(terminal).is_some_and(|(expected, terminal)| expected != terminal) {
            (ErrorKind::Mismatch, "terminal")
        } else if differs(&message.status, word) {
            (ErrorKind::Mismatch, "status")
        } else {
            return Ok(StaticCode::new(lookup.clone(), status));
        };
        let message = format!("the {field} of the response differs from the request's");
        Err(reply.error(kind, message).with_field(field))
    }
}

/// The text of 6.4's `request`, and the terminal it names.
fn static_code(
    settings: &Settings,
    request: &StaticCodeRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<(String, Terminal)> {
    let invalid = |invalid: Invalid| Error::invalid(Operation::StaticCode, &invalid);
    no_extras(NAME, &request.extras).map_err(invalid)?;
    if request.remark.is_some() {
        return Err(invalid(Invalid::unsupported("remark", "starpay's static codes carry none")));
    }
    let terminal = settings.terminal(request.terminal.as_ref(), order_id).map_err(invalid)?;
    let text = to_json(&Repay {
        attach: None,
        currency: None,
        device_info: terminal.as_str(),
        display_name: display_name(request.display_name.as_deref()).map_err(invalid)?,
        mch_id: &settings.merchant_id,
        msg_id: order_id.as_str(),
        notify_url,
        service: &settings.services.static_code,
        time_expire: None,
        trx_amount: None,
    });
    Ok((text, terminal))
}

//! Codes that are paid again and again (2.3, 3.3, 5.3).

use crate::{
    channels, codes, map,
    payment_instructions::payment_instructions,
    profile::{self, LONGEST_REMARK, NAME, Profile},
    provider::Regional,
    wire::{CodeCheck, CodePayments, CreatePayment, Order, Paying},
};
use async_trait::async_trait;
use jiff::civil::Date;
use std::mem::take;
use tulay_adapter::{
    json::{Text, to_json},
    reply::Reply,
    request::{is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Error, ErrorKind, Found, IncomingPayment, Lookup, Operation, OrderId, Prepared,
    Result, StaticCode, StaticCodeControl, StaticCodePayments, StaticCodeRequest, StaticCodeStatus,
    StaticCodes,
};

const OPERATION: Operation = Operation::StaticCode;

/// [`Prepared::form`] of a static code: the text of `param` without its time stamp.
const FORM: u16 = 4;

#[async_trait]
impl StaticCodes for Regional {
    fn capability(&self) -> &Capability {
        &self.static_codes
    }

    fn prepare(&self, request: &StaticCodeRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[OPERATION, Operation::StaticCodePayments], request.country)?;
        let profile = self.client.profile(OPERATION, request.country)?;
        self.static_codes.admit_request(request)?;
        let invalid = |invalid| Error::invalid(OPERATION, &invalid);
        no_extras(NAME, &request.extras).map_err(invalid)?;
        let lookup = request.lookup(order_id);
        let holder = profile.payer(&request.holder).map_err(invalid)?;
        let body = to_json(&CreatePayment {
            mch_order_id: profile::order_id(&(1..=32), order_id).map_err(invalid)?,
            amount: None,
            customer_name: &holder.name,
            channel_code: self.channel_code(OPERATION, profile, &lookup)?,
            notify_url: &self.client.notify_url(OPERATION, order_id)?,
            redirect_url: None,
            email: &holder.email,
            mobile: &holder.mobile,
            remark: one_line("remark", request.remark.as_deref(), LONGEST_REMARK)
                .map_err(invalid)?,
            expire_seconds: None,
            payer_client_ip: None,
            wp_openid: None,
            wp_appid: None,
        });
        let guarantees = self.static_codes.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<StaticCode> {
        let lookup = &prepared.lookup;
        self.allow(&[OPERATION, Operation::StaticCodePayments], lookup.country)?;
        let profile = self.client.profile(OPERATION, lookup.country)?;
        let names_order = is_for(&prepared.body, "mchOrderId", &lookup.order_id);
        prepared.check(OPERATION, &self.account, FORM, names_order)?;
        // What was prepared while its channelCode could be used is not sent after.
        self.channel_code(OPERATION, profile, lookup)?;
        let path = profile.path(&self.client.settings.paths.static_code);
        let (order_id, body) = (Some(&lookup.order_id), &prepared.body);
        let reply = self.client.exchange(OPERATION, &path, order_id, body).await?;
        self.static_code(profile, lookup, &reply)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<StaticCode>> {
        let operation = Operation::StaticCodeFind;
        self.allow(&[operation], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let path = profile.path(&self.client.settings.paths.static_code_find);
        let check = self.check(operation, profile, lookup)?;
        match self.client.exchange(operation, &path, Some(&lookup.order_id), &check).await {
            Ok(reply) => self.static_code(profile, lookup, &reply).map(Found::Found),
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
        }
    }
}

#[async_trait]
impl StaticCodePayments for Regional {
    async fn payments(
        &self,
        lookup: &Lookup,
        from: Date,
        to: Date,
    ) -> Result<Vec<IncomingPayment>> {
        let operation = Operation::StaticCodePayments;
        self.allow(&[operation], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let path = profile.path(&self.client.settings.paths.static_code_payments);
        let list = to_json(&CodePayments {
            mch_order_id: lookup.order_id.as_str(),
            start_date: &from.to_string(),
            end_date: &to.to_string(),
        });
        let order_id = Some(&lookup.order_id);
        let reply = self.client.exchange(operation, &path, order_id, &list).await?;
        let rows: Vec<Order<'_>> = reply.rows()?;
        rows.into_iter().map(|row| self.incoming_payment(profile, lookup, row, &reply)).collect()
    }
}

#[async_trait]
impl StaticCodeControl for Regional {
    async fn set_status(&self, lookup: &Lookup, status: StaticCodeStatus) -> Result<StaticCode> {
        let operation = Operation::StaticCodeStatus;
        self.allow(&[operation], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let offered = profile.code.as_ref().is_some_and(|rules| rules.cancel);
        if !offered || status != StaticCodeStatus::Cancelled {
            let country = profile.country;
            let can = match offered {
                true => "can be cancelled, but not switched off or on",
                false => "can neither be cancelled nor switched off or on",
            };
            let message = format!("static codes of {country} {can}");
            return Err(Error::unsupported(operation, message));
        }
        let path = profile.path(&self.client.settings.paths.static_code_cancel);
        let check = self.check(operation, profile, lookup)?;
        let order_id = Some(&lookup.order_id);
        let reply = self.client.exchange(operation, &path, order_id, &check).await?;
        let code = self.static_code(profile, lookup, &reply)?;
        if code.status != StaticCodeStatus::Cancelled {
            let message = "the code is not cancelled";
            let error = Error::new(operation, ErrorKind::Mismatch, message).with_field("status");
            return Err(error.with_response_from(NAME, reply.response));
        }
        Ok(code)
    }
}

impl Regional {
    fn channel_code(
        &self,
        operation: Operation,
        profile: &Profile,
        lookup: &Lookup,
    ) -> Result<&str> {
        let (settings, institution) = (&self.client.settings, lookup.institution.as_ref());
        channels::code(settings, operation, profile, lookup.channel, institution)
    }

    fn check(&self, operation: Operation, profile: &Profile, lookup: &Lookup) -> Result<String> {
        Ok(to_json(&CodeCheck {
            mch_order_id: lookup.order_id.as_str(),
            channel_code: self.channel_code(operation, profile, lookup)?,
        }))
    }

    /// The static code of an answer.
    fn static_code(&self, profile: &Profile, lookup: &Lookup, reply: &Reply) -> Result<StaticCode> {
        let mut paying: Paying<'_> = reply.read()?;
        // A code has no transactionId of its own: its mchOrderId alone says what the answer is about.
        if paying.mch_order_id.as_str() != Some(lookup.order_id.as_str()) {
            let message = "regional's response identifies another code";
            return Err(reply.error(ErrorKind::Unrelated, message).with_field("mchOrderId"));
        }
        let status = map::static_code_status(
            &paying.status.take().map(Text::into_string).unwrap_or_default(),
        );
        let mut code = StaticCode::new(lookup.clone(), status);
        let environment = self.client.settings.environment;
        // A code that was cancelled shows nothing: what it showed must not hide its end.
        if code.status != StaticCodeStatus::Cancelled {
            code.payment_instructions =
                payment_instructions(environment, profile, lookup, None, reply, &paying)?;
        }
        let offset = self.client.settings.offset();
        code.expires = paying.expires_time.into_string().map(|text| map::time(text, offset));
        Ok(code)
    }

    /// One row of the list of payments. A row that does not name the code is not final, since it may
    /// be of another one. A row without a reference of its own is refused, since it could not be
    /// distinguished from the next.
    fn incoming_payment(
        &self,
        profile: &'static Profile,
        lookup: &Lookup,
        row: Order<'_>,
        reply: &Reply,
    ) -> Result<IncomingPayment> {
        let operation = Operation::StaticCodePayments;
        let fail = |kind, message: &'static str, member: &'static str| {
            Err(reply.error(kind, message).with_field(member))
        };
        let offset = self.client.settings.offset();
        let mut row = row.of_code();
        let rail = take(&mut row.reference_number).into_string();
        let named = row.mch_order_id.as_str();
        let (is_named, is_other) =
            (named.is_some(), named.is_some_and(|id| id != lookup.order_id.as_str()));
        let payment = map::observation(operation, &[profile], offset, row)
            .map_err(|error| reply.attach(error))?;
        if is_other {
            let message = "regional lists a payment of another code";
            return fail(ErrorKind::Unrelated, message, "mchOrderId");
        }
        if payment.provider_reference.is_none() {
            let message = "regional lists a payment without its transactionId";
            return fail(ErrorKind::Unexpected, message, "transactionId");
        }
        let mut payment = payment.map(|word| map::collection_status(&word));
        payment.rail_reference = rail;
        let mut incoming_payment = IncomingPayment::new(payment);
        incoming_payment.terminal.clone_from(&lookup.terminal);
        Ok(incoming_payment.conclude(is_named))
    }
}

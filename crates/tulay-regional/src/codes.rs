//! Codes that are paid again and again (2.3, 3.3, 5.3).

use crate::{
    ask, channels,
    collect::{unknown_channel, unusable},
    error,
    exchange::Reply,
    map, pay_by,
    profile::{NAME, Profile},
    provider::Regional,
    wire::{self, CodeCheck, CodePayments, CreatePayment, Order, Paying},
};
use async_trait::async_trait;
use jiff::civil::Date;
use tulay_adapter::json::nonempty;
use tulay_core::{
    Capability, CodeRequest, CodeStatus, Credit, Error, ErrorKind, Found, Lookup, Operation,
    OrderId, Prepared, QrCodes, Result, StaticCode, StaticCodeControl, StaticCodePayments,
};

const OPERATION: Operation = Operation::Code;

/// [`Prepared::form`] of a static code: the text of `param` without its time stamp.
const FORM: u16 = 4;

#[async_trait]
impl QrCodes for Regional {
    fn capability(&self) -> &Capability {
        &self.codes
    }

    fn prepare(&self, request: &CodeRequest, order_id: &OrderId) -> Result<Prepared> {
        let profile = self.profile(OPERATION, request.country)?;
        self.allow(&[OPERATION, Operation::CodePayments], profile.country)?;
        self.codes.admit_request(request)?;
        let invalid = |invalid| Error::invalid(OPERATION, &invalid);
        ask::no_extras(&request.extras).map_err(invalid)?;
        let lookup = request.lookup(order_id);
        let holder = ask::payer(profile, &request.holder).map_err(invalid)?;
        let body = wire::to_json(&CreatePayment {
            mch_order_id: ask::order_id(&(1..=32), order_id).map_err(invalid)?,
            amount: None,
            customer_name: &holder.name,
            channel_code: self.code_of(OPERATION, profile, &lookup)?,
            notify_url: &self.notify_url(OPERATION)?,
            redirect_url: None,
            email: &holder.email,
            mobile: &holder.mobile,
            remark: ask::remark(request.remark.as_deref()).map_err(invalid)?,
            expire_seconds: None,
            payer_client_ip: None,
            wp_openid: None,
            wp_appid: None,
        });
        let contract = self.codes.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<StaticCode> {
        let lookup = &prepared.lookup;
        let profile = self.profile(OPERATION, lookup.country)?;
        self.allow(&[OPERATION, Operation::CodePayments], profile.country)?;
        let order_id = &lookup.order_id;
        let names_order = ask::is_for(&prepared.body, "mchOrderId", order_id.as_str());
        prepared.check(OPERATION, &self.account, FORM, names_order)?;
        // What was prepared while its channelCode could be used is not sent after.
        self.code_of(OPERATION, profile, lookup)?;
        let path = profile.path(&self.connection.settings.paths.code);
        let sent = self.connection.exchange(OPERATION, &path, Some(order_id), &prepared.body);
        self.code(OPERATION, profile, lookup, &sent.await?)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<StaticCode>> {
        let operation = Operation::CodeFind;
        let profile = self.profile(operation, lookup.country)?;
        self.allow(&[operation], profile.country)?;
        let path = profile.path(&self.connection.settings.paths.code_find);
        let check = self.check(operation, profile, lookup)?;
        match self.connection.exchange(operation, &path, Some(&lookup.order_id), &check).await {
            Ok(reply) => self.code(operation, profile, lookup, &reply).map(Found::Found),
            Err(error) => error::absent(error).map(Found::Absent),
        }
    }
}

#[async_trait]
impl StaticCodePayments for Regional {
    async fn payments(&self, lookup: &Lookup, from: Date, to: Date) -> Result<Vec<Credit>> {
        let operation = Operation::CodePayments;
        let profile = self.profile(operation, lookup.country)?;
        self.allow(&[operation], profile.country)?;
        let path = profile.path(&self.connection.settings.paths.code_payments);
        let asked = wire::to_json(&CodePayments {
            mch_order_id: lookup.order_id.as_str(),
            start_date: &from.to_string(),
            end_date: &to.to_string(),
        });
        let sent = self.connection.exchange(operation, &path, Some(&lookup.order_id), &asked);
        let reply = sent.await?;
        let rows: Vec<Order<'_>> = reply.rows()?;
        rows.into_iter().map(|row| self.credit(profile, lookup, row, &reply)).collect()
    }
}

#[async_trait]
impl StaticCodeControl for Regional {
    async fn set_status(&self, lookup: &Lookup, status: CodeStatus) -> Result<StaticCode> {
        let operation = Operation::CodeStatus;
        let profile = self.profile(operation, lookup.country)?;
        self.allow(&[operation], profile.country)?;
        let offered = profile.code.as_ref().is_some_and(|rules| rules.cancel);
        if !offered || status != CodeStatus::Cancelled {
            let country = profile.country;
            let can = match offered {
                true => "can be cancelled, but not switched off or on",
                false => "can neither be cancelled nor switched off or on",
            };
            let message = format!("static codes of {country} {can}");
            return Err(Error::unsupported(operation, message));
        }
        let path = profile.path(&self.connection.settings.paths.code_cancel);
        let check = self.check(operation, profile, lookup)?;
        let sent = self.connection.exchange(operation, &path, Some(&lookup.order_id), &check);
        let reply = sent.await?;
        let code = self.code(operation, profile, lookup, &reply)?;
        if code.status != CodeStatus::Cancelled {
            let message = "the code is not cancelled";
            let error = Error::new(operation, ErrorKind::Mismatch, message).at("status");
            return Err(error.with_response_from(NAME, reply.answer));
        }
        Ok(code)
    }
}

impl Regional {
    fn code_of(&self, operation: Operation, profile: &Profile, lookup: &Lookup) -> Result<&str> {
        let settings = &self.connection.settings;
        let known = channels::of_code(
            settings.channels.get(&profile.country),
            profile,
            lookup.channel,
            lookup.institution.as_ref(),
        );
        let known = known.ok_or_else(|| unknown_channel(operation, profile))?;
        // One that exists has to be told by its code, whoever vouches for that.
        if operation == OPERATION {
            self.allow_code(operation, known)?;
        }
        Ok(known.code)
    }

    fn check(&self, operation: Operation, profile: &Profile, lookup: &Lookup) -> Result<String> {
        Ok(wire::to_json(&CodeCheck {
            mch_order_id: lookup.order_id.as_str(),
            channel_code: self.code_of(operation, profile, lookup)?,
        }))
    }

    /// What an answer says of a code.
    fn code(
        &self,
        operation: Operation,
        profile: &Profile,
        lookup: &Lookup,
        reply: &Reply,
    ) -> Result<StaticCode> {
        let mut paying: Paying<'_> = reply.read()?;
        let named = nonempty(paying.mch_order_id.take());
        // A code has no transactionId of its own: its mchOrderId alone tells what the answer is about.
        if named.as_deref() != Some(lookup.order_id.as_str()) {
            let message = "regional's answer is not about the code that was asked for";
            let error = Error::new(operation, ErrorKind::Unrelated, message).at("mchOrderId");
            return Err(error.answered(reply.answer.clone()));
        }
        let status = map::code_status(&nonempty(paying.status.take()).unwrap_or_default());
        let shown =
            pay_by::pay_by(profile, lookup.channel, lookup.institution.as_ref(), None, &paying);
        let mut code = StaticCode::new(lookup.clone(), status);
        code.pay_by =
            shown.map_err(|why| unusable(operation, why).answered(reply.answer.clone()))?;
        let offset = self.connection.settings.offset();
        code.expires = nonempty(paying.expires_time.take()).map(|text| map::time(text, offset));
        Ok(code)
    }

    /// One row of the list of payments. The answer is to what was asked, so a row need not name
    /// the code; but one without a name of its own could not be told from the next.
    fn credit(
        &self,
        profile: &'static Profile,
        lookup: &Lookup,
        row: Order<'_>,
        reply: &Reply,
    ) -> Result<Credit> {
        let operation = Operation::CodePayments;
        let fail = |kind, message, member: &'static str| {
            Err(Error::new(operation, kind, message).at(member).answered(reply.answer.clone()))
        };
        let offset = self.connection.settings.offset();
        let mut row = row.of_code();
        let rail = nonempty(row.reference_number.take());
        let said = map::observation(operation, &[profile], offset, row)
            .map_err(|error| error.answered(reply.answer.clone()))?;
        if said.order_id.as_ref().is_some_and(|id| *id != lookup.order_id) {
            let message = "regional lists a payment of another code";
            return fail(ErrorKind::Unrelated, message, "mchOrderId");
        }
        if said.provider_reference.is_none() {
            let message = "regional lists a payment without its transactionId";
            return fail(ErrorKind::Unexpected, message, "transactionId");
        }
        let mut credit = Credit::new(map::collected(said));
        credit.terminal.clone_from(&lookup.terminal);
        credit.rail_reference = rail;
        Ok(credit.conclude(true))
    }
}

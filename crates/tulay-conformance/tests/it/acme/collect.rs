//! Collections, static codes and what was paid to them.

use super::{
    Acme, Wrong,
    code::Shown,
    provider::{LONGEST_NAME, LONGEST_REMARK, whole},
    wire::{Collect, Placed, Query, Said},
};
use async_trait::async_trait;
use jiff::civil::Date;
use tulay_core::*;

const COLLECTION_FORM: u16 = 2;
const CODE_FORM: u16 = 3;

#[async_trait]
impl Collections for Acme {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Collection;
        self.allow(operation)?;
        self.collections.admit_request(request)?;
        let lookup = request.lookup(order_id);
        let remark = request.remark.as_deref();
        let text = self.asking(&lookup, &request.payer, remark, &request.extras);
        let text = text.map_err(|invalid| Error::invalid(operation, &invalid))?;
        let contract = self.settings.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, COLLECTION_FORM, text))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        self.allow(operation)?;
        self.check(operation, prepared, COLLECTION_FORM)?;
        let order = prepared.lookup.order_id.as_str();
        let sent = self.exchange(operation, "/collect", order, &prepared.body).await;
        let (said, answer) = sent.map_err(|error| match self.is(Wrong::NamesThePayer) {
            true => {
                let placed = serde_json::from_str::<Placed>(&prepared.body).unwrap();
                let message = format!("{} was not asked", placed.payer);
                Error::new(operation, error.kind(), message).effect_is(error.effect())
            }
            false => error,
        })?;
        self.collection(operation, &prepared.lookup, said, answer)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(operation)?;
        Ok(match self.looked_up(operation, "/collection", lookup).await? {
            Found::Found((said, answer)) => {
                Found::Found(self.collection(operation, lookup, said, answer)?)
            }
            Found::Absent(answer) => Found::Absent(answer),
        })
    }
}

#[async_trait]
impl CollectionCancel for Acme {
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection> {
        let operation = Operation::CollectionCancel;
        self.allow(operation)?;
        let asked = self.ask(operation, "/withdraw", Some(lookup.order_id.as_str())).await;
        let (said, answer) = match asked {
            Err(error)
                if self.is(Wrong::LostWithdrawalIsDone)
                    && error.kind() == ErrorKind::Unavailable =>
            {
                return Ok(Collection::new(Observation::new(CollectionStatus::Closed)));
            }
            asked => asked?,
        };
        let kept = answer.clone();
        let collection = self.collection(operation, lookup, said, answer)?;
        match collection.observation.status {
            CollectionStatus::Paid if self.is(Wrong::PaidIsWithdrawn) => {
                Ok(Collection::new(Observation::new(CollectionStatus::Closed)))
            }
            CollectionStatus::Paid | CollectionStatus::Failed | CollectionStatus::Reversed => {
                let error = Error::new(operation, ErrorKind::State, "it is over otherwise");
                Err(error.effect_is(Effect::Refused).answered(kept))
            }
            _ => Ok(collection),
        }
    }
}

#[async_trait]
impl QrCodes for Acme {
    fn capability(&self) -> &Capability {
        &self.codes
    }

    fn prepare(&self, request: &CodeRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Code;
        self.allow(operation)?;
        self.codes.admit_request(request)?;
        let lookup = request.lookup(order_id);
        let remark = request.remark.as_deref();
        let text = self.asking(&lookup, &request.holder, remark, &request.extras);
        let text = text.map_err(|invalid| Error::invalid(operation, &invalid))?;
        let contract = self.settings.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, CODE_FORM, text))
    }

    async fn create(&self, prepared: &Prepared) -> Result<StaticCode> {
        let operation = Operation::Code;
        self.allow(operation)?;
        self.check(operation, prepared, CODE_FORM)?;
        let order = prepared.lookup.order_id.as_str();
        let sent = self.exchange(operation, "/code", order, &prepared.body);
        let (said, answer) = sent.await?;
        self.code(operation, prepared.lookup.clone(), said, &answer)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<StaticCode>> {
        let operation = Operation::CodeFind;
        self.allow(operation)?;
        Ok(match self.looked_up(operation, "/code-state", lookup).await? {
            Found::Found((said, answer)) => {
                Found::Found(self.code(operation, lookup.clone(), said, &answer)?)
            }
            Found::Absent(answer) => Found::Absent(answer),
        })
    }
}

#[async_trait]
impl StaticCodePayments for Acme {
    async fn payments(&self, lookup: &Lookup, from: Date, to: Date) -> Result<Vec<Credit>> {
        let operation = Operation::CodePayments;
        self.allow(operation)?;
        let query = Query {
            order: Some(lookup.order_id.as_str()),
            day: Some(format!("{from} {to}")),
            ..Query::default()
        };
        let (said, answer) = self.query(operation, "/payments", query).await?;
        let mut credits = Vec::new();
        for row in said.payments.unwrap_or_default() {
            let till = row.till.clone();
            let mut said = self.observation(operation, row, Some(answer.clone()))?;
            let ours = said.order_id.as_ref() == Some(&lookup.order_id);
            if !ours && !self.is(Wrong::ListsPaymentsOfOthers) {
                let error = Error::new(operation, ErrorKind::Unrelated, "it is another code's");
                return Err(error.answered(answer));
            }
            if self.is(Wrong::ListsWholePesos) {
                let told = said.amount.and_then(|told| told.in_currency(lookup.currency));
                said.amount = told.map(|told| {
                    let pesos = told.minor() / 10_000 * 10_000;
                    StatedAmount::known(Money::from_minor(pesos, lookup.currency))
                });
            }
            credits.push(self.credit(said, till));
        }
        Ok(credits)
    }
}

#[async_trait]
impl StaticCodeControl for Acme {
    async fn set_status(&self, lookup: &Lookup, status: CodeStatus) -> Result<StaticCode> {
        let operation = Operation::CodeStatus;
        self.allow(operation)?;
        let order = Some(lookup.order_id.as_str());
        let query = Query { order, state: Some(status.as_str()), ..Query::default() };
        let (said, answer) = self.query(operation, "/code-set", query).await?;
        let mut code = self.code(operation, lookup.clone(), said, &answer)?;
        if self.is(Wrong::CodeObeysAlways) {
            code.status = status;
        }
        Ok(code)
    }
}

impl Acme {
    fn asking(
        &self,
        lookup: &Lookup,
        party: &Party,
        remark: Option<&str>,
        extras: &Extras,
    ) -> Result<String, Invalid> {
        if extras.keys().any(|key| key.starts_with("acme.")) {
            return Err(Invalid::unsupported("extras", "there are no keys of acme's"));
        }
        let name = party.name.as_ref().map(Name::whole);
        let name = name.ok_or_else(|| Invalid::new("name", "a name"))?;
        let payer = whole(name.expose(), LONGEST_NAME, false)
            .ok_or_else(|| Invalid::new("name", "at most 60 characters"))?;
        let remark = remark.map(|remark| {
            whole(remark, LONGEST_REMARK, false)
                .ok_or_else(|| Invalid::new("remark", "at most 40 characters on one line"))
        });
        let amount = lookup.amount.map(|amount| self.on_the_wire(amount)).transpose()?;
        let asked = Collect {
            order: lookup.order_id.as_str(),
            account: &self.settings.account,
            country: lookup.country.as_str(),
            amount,
            currency: lookup.currency.as_str(),
            payer: &payer,
            till: lookup.terminal.as_ref().map(Terminal::as_str),
            remark: remark.transpose()?,
            prepared: self
                .is(Wrong::PreparesCollectionsWithTheClock)
                .then(|| self.context.clock.now().to_string()),
        };
        Ok(serde_json::to_string(&asked).unwrap())
    }

    fn collection(
        &self,
        operation: Operation,
        lookup: &Lookup,
        mut said: Said,
        answer: Answer,
    ) -> Result<Collection> {
        let pay_by = self.shown(operation, lookup, said.shown.take(), &answer)?;
        let said = self.observation(operation, said, Some(answer))?;
        let said = self.collected(said).agreeing(operation, lookup)?;
        let mut collection = Collection::new(said);
        collection.pay_by = pay_by;
        Ok(collection)
    }

    fn code(
        &self,
        operation: Operation,
        mut lookup: Lookup,
        said: Said,
        answer: &Answer,
    ) -> Result<StaticCode> {
        if said.order.as_deref() != Some(lookup.order_id.as_str()) {
            let error = Error::new(operation, ErrorKind::Unrelated, "it is another code");
            return Err(error.at("order").answered(answer.clone()));
        }
        let status = match said.state.as_deref().unwrap_or_default() {
            "active" => CodeStatus::Active,
            "inactive" => CodeStatus::Inactive,
            "cancelled" => CodeStatus::Cancelled,
            other => CodeStatus::Unknown(other.to_owned()),
        };
        let mut plain = lookup.clone();
        plain.amount = None;
        let pay_by = self.shown(operation, &plain, said.shown, answer)?;
        lookup.provider_reference = said.number.and_then(|text| ProviderReference::new(text).ok());
        let mut code = StaticCode::new(lookup, status);
        code.pay_by = pay_by;
        Ok(code)
    }

    /// A code that is read and found to ask for what was asked, for us.
    fn shown(
        &self,
        operation: Operation,
        lookup: &Lookup,
        text: Option<String>,
        answer: &Answer,
    ) -> Result<Option<PayBy>> {
        let Some(text) = text.filter(|_| !self.is(Wrong::ShowsNothing)) else { return Ok(None) };
        let fail = |kind, message: &'static str| {
            Err(Error::new(operation, kind, message).at("shown").answered(answer.clone()))
        };
        let Some(code) = Shown::read(&text) else {
            return fail(ErrorKind::Unexpected, "acme's code cannot be read");
        };
        let over = (code.amount, code.currency) == (lookup.amount, lookup.currency);
        if !over && !self.is(Wrong::ShowsAnyAmount) {
            return fail(ErrorKind::Mismatch, "acme's code asks for something else");
        }
        if code.payee != self.settings.account && !self.is(Wrong::ShowsAnyPayee) {
            return fail(ErrorKind::Mismatch, "acme's code pays somebody else");
        }
        Ok(QrText::new(text).ok().map(PayBy::Qr))
    }

    pub(super) fn collected(&self, said: Observation<String>) -> Observation<CollectionStatus> {
        self.concluded(self.in_state(said), None)
    }

    /// One payment of a code: it names the code or its terminal, or may be of any code.
    pub(super) fn credit(&self, said: Observation<String>, till: Option<String>) -> Credit {
        let named = said.order_id.is_some() || till.is_some() || self.is(Wrong::CreditsNobody);
        let mut credit = Credit::new(self.in_state(said));
        credit.terminal = till.and_then(|till| Terminal::new(till).ok());
        credit.conclude(named)
    }

    fn in_state(&self, said: Observation<String>) -> Observation<CollectionStatus> {
        said.map(|word| match word.as_str() {
            "accepted" | "" => CollectionStatus::Pending,
            "paid" => CollectionStatus::Paid,
            "failed" => CollectionStatus::Failed,
            "closed" => CollectionStatus::Closed,
            "returned" => CollectionStatus::Reversed,
            _ if self.is(Wrong::UnknownCollectionIsPaid) => CollectionStatus::Paid,
            other => CollectionStatus::Unknown(other.to_owned()),
        })
    }
}

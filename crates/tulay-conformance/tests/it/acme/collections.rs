//! Collections.

use super::{
    Acme, Wrong,
    payouts::{LONGEST_NAME, LONGEST_REMARK, whole},
    wire::{Collect, Placed, Said},
};
use async_trait::async_trait;
use jiff::Timestamp;
use tulay_core::*;

const FORM: u16 = 2;

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
        let text = self.asking(&lookup, &request.payer, remark, &request.extras, request.expires);
        let text = text.map_err(|invalid| Error::invalid(operation, &invalid))?;
        let guarantees = self.settings.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, text))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        self.allow(operation)?;
        self.check(operation, prepared, FORM)?;
        let placed = serde_json::from_str::<Placed>(&prepared.body).ok();
        let until = placed.and_then(|placed| Timestamp::from_second(placed.until?).ok());
        let is_over = until.is_some_and(|until| until <= self.context.clock.now());
        if is_over && !self.is(Wrong::SendsWhatHasExpired) {
            let invalid = Invalid::new("expires", "a time in the future");
            return Err(Error::invalid(operation, &invalid));
        }
        let order = prepared.lookup.order_id.as_str();
        let sent = self.exchange(operation, "/collect", order, &prepared.body).await;
        let (said, response) = sent.map_err(|error| match self.is(Wrong::NamesThePayer) {
            true => {
                let placed = serde_json::from_str::<Placed>(&prepared.body).unwrap();
                let message = format!("{} was not asked", placed.payer);
                Error::new(operation, error.kind(), message).with_effect(error.effect())
            }
            false => error,
        })?;
        self.collection(operation, &prepared.lookup, said, response)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(operation)?;
        Ok(match self.looked_up(operation, "/collection", lookup).await? {
            Found::Found((said, response)) => {
                Found::Found(self.collection(operation, lookup, said, response)?)
            }
            Found::Absent(response) => Found::Absent(response),
        })
    }
}

#[async_trait]
impl CollectionCancel for Acme {
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection> {
        let operation = Operation::CollectionCancel;
        self.allow(operation)?;
        let asked = self.ask(operation, "/withdraw", Some(lookup.order_id.as_str())).await;
        let (said, response) = match asked {
            Err(error)
                if self.is(Wrong::LostWithdrawalIsDone)
                    && error.kind() == ErrorKind::Unavailable =>
            {
                return Ok(Collection::new(Observation::new(CollectionStatus::Closed)));
            }
            asked => asked?,
        };
        let kept = response.clone();
        let collection = self.collection(operation, lookup, said, response)?;
        match collection.observation.status {
            CollectionStatus::Paid if self.is(Wrong::PaidIsWithdrawn) => {
                Ok(Collection::new(Observation::new(CollectionStatus::Closed)))
            }
            CollectionStatus::Paid | CollectionStatus::Failed | CollectionStatus::Reversed => {
                let error = Error::new(operation, ErrorKind::State, "it is over otherwise");
                Err(error.with_effect(Effect::Rejected).with_response(kept))
            }
            _ => Ok(collection),
        }
    }
}

impl Acme {
    pub(super) fn asking(
        &self,
        lookup: &Lookup,
        party: &Party,
        remark: Option<&str>,
        extras: &Extras,
        expires: Option<Timestamp>,
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
            until: match self.settings.wrong {
                Some(Wrong::DropsTheExpiry) => None,
                Some(Wrong::ExpiresInMilliseconds) => expires.map(Timestamp::as_millisecond),
                _ => expires.map(Timestamp::as_second),
            },
            terminal: lookup.terminal.as_ref().map(Terminal::as_str),
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
        response: ProviderResponse,
    ) -> Result<Collection> {
        let payment_instructions = self.shown(operation, lookup, said.shown.take(), &response)?;
        let said = self.observation(operation, said, Some(response))?;
        let said = self.collected(said).check_matches(operation, lookup)?;
        let mut collection = Collection::new(said);
        collection.payment_instructions = payment_instructions;
        Ok(collection)
    }
}

//! The provider and its roles.

use super::{
    Wrong,
    wire::{Pay, Placed, Said},
};
use async_trait::async_trait;
use jiff::SignedDuration;
use std::{
    fmt,
    sync::{OnceLock, atomic::AtomicU32},
};
use tulay_core::*;

/// What Acme is configured with, its way of being wrong included.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) account: String,
    pub(crate) merchant_key: String,
    pub(crate) platform_key: String,
    /// Notifications carry this instead of a signature.
    pub(crate) token: Option<String>,
    /// A payout is drafted and then confirmed, and found by Acme's own number alone.
    pub(crate) two_steps: bool,
    /// It has no other orders than payouts.
    pub(crate) payouts_alone: bool,
    pub(crate) on: bool,
    pub(crate) contract: Contract,
    pub(crate) wrong: Option<Wrong>,
}

pub(crate) struct Acme {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) codes: Capability,
    pub(crate) refunds: Capability,
    pub(crate) settings: Settings,
    pub(crate) context: AdapterContext,
    pub(super) first_stamp: OnceLock<String>,
    pub(super) sendings: AtomicU32,
}

const FORM: u16 = 1;
const BANKS: [&str; 2] = ["BOPIPHMM", "BNORPHMM"];
pub(super) const LONGEST_REMARK: usize = 40;
pub(super) const LONGEST_NAME: usize = 60;

impl Acme {
    pub(crate) fn new(settings: Settings, context: AdapterContext) -> Self {
        let is = |wrong| settings.wrong == Some(wrong);
        let operations =
            if settings.on { vec![Operation::Payout, Operation::PayoutFind] } else { Vec::new() };
        let corridor = |country, currency, channel, step| {
            let mut corridor = Corridor::new(country, currency, channel, step);
            corridor.min = Some(Money::from_minor(step, currency));
            corridor.max = Some(Money::from_minor(5_000_000, currency));
            corridor.required = vec![Field::Name, Field::Institution];
            corridor.operations.clone_from(&operations);
            corridor
        };
        let mut corridors = vec![
            corridor(Country::PH, Currency::PHP, Channel::Bank, 1),
            corridor(Country::ID, Currency::IDR, Channel::Bank, 100),
        ];
        if is(Wrong::ListsTooMuch) {
            corridors.push(corridor(Country::PH, Currency::PHP, Channel::Wallet, 1));
        }
        let of =
            |corridors| Capability::new(corridors, IdRules::STANDARD, settings.contract.clone());
        let by_code = |operations: &[Operation]| {
            let place = |country, currency, step| {
                let mut corridor = Corridor::new(country, currency, Channel::Qr, step);
                corridor.required = vec![Field::Name];
                if settings.on {
                    corridor.operations = operations.to_vec();
                }
                corridor
            };
            let places =
                [place(Country::PH, Currency::PHP, 1), place(Country::ID, Currency::IDR, 100)];
            of(places.to_vec())
        };
        let payouts = of(corridors);
        let collections = by_code(&[
            Operation::Collection,
            Operation::CollectionFind,
            Operation::CollectionCancel,
        ]);
        let mut of_codes = vec![Operation::Code, Operation::CodeFind, Operation::CodeStatus];
        if !is(Wrong::KeepsARole) {
            of_codes.push(Operation::CodePayments);
        }
        let codes = by_code(&of_codes);
        let refunds = by_code(&[Operation::Refund, Operation::RefundFind]);
        Self {
            id: ProviderId::new("acme").unwrap(),
            account: MerchantAccount::new(
                "acme",
                Environment::Sandbox,
                settings.account.clone(),
                "acme.example",
            ),
            payouts,
            collections,
            codes,
            refunds,
            settings,
            context,
            first_stamp: OnceLock::new(),
            sendings: AtomicU32::new(0),
        }
    }

    pub(crate) fn is(&self, wrong: Wrong) -> bool {
        self.settings.wrong == Some(wrong)
    }

    pub(super) fn allow(&self, operation: Operation) -> Result<()> {
        if self.settings.on || self.is(Wrong::IgnoresTheSwitch) {
            return Ok(());
        }
        Err(Error::unsupported(operation, "it is switched off"))
    }

    /// What is written down: everything but the time stamp.
    fn pay(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<String, Invalid> {
        let Destination::Bank { institution, account } = &request.destination else {
            return match &request.destination {
                Destination::Wallet { institution, account: WalletAccount::Number(account) }
                    if self.is(Wrong::TakesWallets) =>
                {
                    let mut request = request.clone();
                    request.destination = Destination::Bank {
                        institution: institution.clone(),
                        account: account.clone(),
                    };
                    self.pay(&request, order_id)
                }
                _ => Err(Invalid::new("destination", "a bank account")),
            };
        };
        let known = BANKS.contains(&institution.as_str()) || self.is(Wrong::TakesAnyBank);
        if !known {
            return Err(Invalid::new("institution", "a bank that acme pays to"));
        }
        let own_extra = request.extras.keys().any(|key| key.starts_with("acme."));
        if own_extra && !self.is(Wrong::IgnoresExtras) {
            return Err(Invalid::unsupported("extras", "there are no keys of acme's"));
        }
        if self.is(Wrong::WantsMore) && request.beneficiary.mobile.is_none() {
            return Err(Invalid::new("mobile", "a mobile number"));
        }
        let name = request.beneficiary.name.as_ref().map(Name::whole);
        let name = name.map_or_else(|| "-".to_owned(), |name| name.expose().to_owned());
        let name = whole(&name, LONGEST_NAME, self.is(Wrong::CutsNames))
            .ok_or_else(|| Invalid::new("name", "at most 60 characters"))?;
        let remark = request.remark.as_ref().map(|remark| {
            whole(remark, LONGEST_REMARK, self.is(Wrong::CutsRemarks))
                .ok_or_else(|| Invalid::new("remark", "at most 40 characters on one line"))
        });
        let pay = Pay {
            order: match self.settings.wrong {
                Some(Wrong::CutsTheId) => order_id.as_str()[..20].to_owned(),
                Some(Wrong::DropsTheId) => "P00000000000000000000000ME".to_owned(),
                _ => order_id.to_string(),
            },
            account: self.settings.account.clone(),
            country: request.country.to_string(),
            amount: self.on_the_wire(request.amount)?,
            currency: match self.settings.wrong {
                Some(Wrong::TakesRupiahForPesos) => "PHP".to_owned(),
                _ => request.amount.currency().to_string(),
            },
            bank: institution.to_string(),
            number: account.expose().to_owned(),
            name,
            remark: remark.transpose()?,
            prepared: self
                .is(Wrong::PreparesWithTheClock)
                .then(|| self.context.clock.now().to_string()),
        };
        Ok(serde_json::to_string(&pay).unwrap())
    }

    #[allow(clippy::disallowed_types, clippy::float_arithmetic, reason = "this is what is wrong")]
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the same")]
    pub(super) fn on_the_wire(&self, amount: Money) -> Result<i64, Invalid> {
        let minor = match self.is(Wrong::Floats) {
            true => ((amount.minor() as f64 / 100.0) * 100.0) as i64,
            false => amount.minor(),
        };
        if amount.currency() != Currency::IDR || self.is(Wrong::TakesRupiahForPesos) {
            return Ok(minor);
        }
        match minor % 100 == 0 || self.is(Wrong::Rounds) {
            true => Ok(minor / 100),
            false => Err(Invalid::new("amount", "whole rupiah")),
        }
    }

    /// Two requests: the first leaves a draft behind, whatever becomes of the second.
    async fn draft_and_confirm(&self, prepared: &Prepared) -> Result<Payout> {
        let (operation, order) = (Operation::Payout, &prepared.lookup.order_id);
        let drafted = self.exchange(operation, "/draft", order.as_str(), &prepared.body).await;
        let number = match drafted {
            Ok((draft, _)) => draft.number.unwrap_or_default(),
            Err(_) if self.is(Wrong::GoesOnAfterARefusal) => "A7".to_owned(),
            Err(error) => return Err(error),
        };
        let number = ProviderReference::new(number).map_err(|_| {
            Error::new(operation, ErrorKind::Unexpected, "the draft has no number").at("number")
        })?;
        let confirmed = self.confirm(prepared, &number).await;
        confirmed.map_err(|error| match (error.effect(), self.settings.wrong) {
            (Effect::NotSent, Some(Wrong::SecondStepIsNotSent)) => error,
            (Effect::NotSent, Some(Wrong::DropsTheKnownReference)) => {
                error.effect_is(Effect::Unknown)
            }
            (_, Some(Wrong::DropsTheKnownReference)) => error,
            _ => error.known_as(number),
        })
    }

    async fn confirm(&self, prepared: &Prepared, number: &ProviderReference) -> Result<Payout> {
        let (operation, order) = (Operation::Payout, &prepared.lookup.order_id);
        let account = &self.settings.account;
        let confirm = format!(r#"{{"number":"{number}","account":"{account}","order":"{order}"}}"#);
        let (said, answer) = self.exchange(operation, "/confirm", order.as_str(), &confirm).await?;
        // What answers the confirmation is about the draft, or about something else.
        let mut asked = prepared.lookup.clone();
        if self.is(Wrong::AdoptsAnotherDraft) {
            asked.provider_reference =
                said.number.clone().and_then(|n| ProviderReference::new(n).ok());
        } else if !self.is(Wrong::ConfirmedIsPending) {
            asked.provider_reference = Some(number.clone());
        }
        let payout = self.payout(operation, said, Some(answer), Some(&asked))?;
        asked.provider_reference = asked.provider_reference.or_else(|| Some(number.clone()));
        payout.agreeing(operation, &asked)
    }

    pub(crate) fn payout(
        &self,
        operation: Operation,
        said: Said,
        answer: Option<Answer>,
        asked: Option<&Lookup>,
    ) -> Result<Payout> {
        let said = self.observation(operation, said, answer)?;
        let payout = said.map(|word| self.status(operation, &word));
        Ok(self.concluded(payout, asked))
    }

    /// The status that the message can prove.
    pub(super) fn concluded<S: Status>(
        &self,
        mut observation: Observation<S>,
        asked: Option<&Lookup>,
    ) -> Observation<S> {
        let bound = &self.settings.contract.bound;
        match asked {
            _ if self.is(Wrong::UnboundIsFinal) => {
                if observation.status.is_failure() {
                    let reason = || Failure::new(ErrorKind::Unexpected);
                    observation.failure.get_or_insert_with(reason);
                }
                observation
            }
            Some(asked) => observation.conclude_for(bound, asked),
            None => observation.conclude(bound),
        }
    }

    /// Refuses what was prepared for another account, order or role.
    pub(super) fn check(&self, operation: Operation, prepared: &Prepared, form: u16) -> Result<()> {
        let account = match self.is(Wrong::SendsForAnotherAccount) {
            true => &prepared.merchant_account,
            false => &self.account,
        };
        let form = match self.is(Wrong::SendsCodesOfAnyForm) && operation == Operation::Code {
            true => prepared.form,
            false => form,
        };
        let placed = serde_json::from_str::<Placed>(&prepared.body).map(|placed| placed.order);
        let names_order = placed.is_ok_and(|order| order == prepared.lookup.order_id.as_str());
        let odd_id = operation == Operation::Payout
            && (self.is(Wrong::CutsTheId) || self.is(Wrong::DropsTheId));
        prepared.check(operation, account, form, names_order || odd_id)
    }

    /// What a message says of an order, the status in Acme's own word.
    pub(super) fn observation(
        &self,
        operation: Operation,
        said: Said,
        answer: Option<Answer>,
    ) -> Result<Observation<String>> {
        let unreadable = |member: &'static str| {
            Error::new(operation, ErrorKind::Unexpected, "acme's words cannot be read").at(member)
        };
        let named = said.currency.filter(|_| !self.is(Wrong::TakesAnyCurrency));
        let named = named.map(|code| Currency::new(&code)).transpose();
        let currencies = match named.map_err(|_| unreadable("currency"))? {
            Some(currency) => vec![currency],
            None => vec![Currency::PHP, Currency::IDR],
        };
        let mut observation = Observation::new(said.state.unwrap_or_default());
        observation.order_id = said
            .order
            .map(|id| OrderId::parse(&id))
            .transpose()
            .map_err(|_| unreadable("order"))?;
        let number = said.number.map(ProviderReference::new).transpose();
        observation.provider_reference = number.map_err(|_| unreadable("number"))?;
        observation.amount = said.amount.map(|amount| {
            let reading = |currency: &Currency| {
                let factor = if *currency == Currency::IDR { 100 } else { 1 };
                Money::from_minor(amount.saturating_mul(factor), *currency)
            };
            StatedAmount::readings(currencies.iter().map(reading).collect())
        });
        let why = said.why.filter(|_| !self.is(Wrong::DropsTheFailureCode));
        observation.failure = why.map(|code| {
            let mut failure = Failure::new(ErrorKind::Unexpected);
            failure.code = Some(code);
            failure
        });
        observation.answer = answer;
        Ok(observation)
    }

    fn status(&self, operation: Operation, word: &str) -> PayoutStatus {
        match word {
            "accepted" | "" => PayoutStatus::Pending,
            "paid" => PayoutStatus::Succeeded,
            "failed" if self.is(Wrong::CreatedFailedIsPaid) && operation == Operation::Payout => {
                PayoutStatus::Succeeded
            }
            "failed" => PayoutStatus::Failed,
            "returned" if self.is(Wrong::ReturnedIsPaid) => PayoutStatus::Succeeded,
            "returned" => PayoutStatus::Reversed,
            _ if self.is(Wrong::UnknownIsSuccess) => PayoutStatus::Succeeded,
            other => PayoutStatus::Unknown(other.to_owned()),
        }
    }
}

/// The text, if it is not too long and stands on one line.
pub(super) fn whole(text: &str, longest: usize, cut: bool) -> Option<String> {
    if text.chars().any(char::is_control) {
        return None;
    }
    if cut {
        return Some(text.chars().take(longest).collect());
    }
    (text.chars().count() <= longest).then(|| text.to_owned())
}

impl Provider for Acme {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        let roles = Roles::none()
            .payouts(self)
            .institutions(self)
            .balances(self)
            .notifications(self)
            .health(self);
        if self.settings.payouts_alone {
            return roles;
        }
        let mut roles =
            roles.collections(self).qr_codes(self).qr_inspection(self).refunds(self).reports(self);
        if self.collections.offers(Operation::CollectionCancel) && !self.is(Wrong::HidesARole) {
            roles = roles.collection_cancel(self);
        }
        if self.codes.offers(Operation::CodePayments) || self.is(Wrong::KeepsARole) {
            roles = roles.static_code_payments(self);
        }
        if self.codes.offers(Operation::CodeStatus) {
            roles = roles.static_code_control(self);
        }
        roles
    }
}

#[async_trait]
impl Payouts for Acme {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Payout;
        self.allow(operation)?;
        let mut admitted = request.clone();
        match self.settings.wrong {
            Some(Wrong::TakesRupiahForPesos) => {
                admitted.country = Country::PH;
                admitted.amount = Money::from_minor(request.amount.minor(), Currency::PHP);
            }
            Some(Wrong::Rounds) if request.amount.currency() == Currency::IDR => {
                let up = request.amount.minor().saturating_add(99);
                admitted.amount = Money::from_minor(up / 100 * 100, Currency::IDR);
            }
            Some(Wrong::MakesUpAName) => {
                admitted.beneficiary.name = Some(Name::Full(NamePart::new("X").unwrap()));
            }
            Some(Wrong::TakesWallets) => {
                if let Destination::Wallet {
                    institution,
                    account: WalletAccount::Number(account),
                } = &request.destination
                {
                    let (institution, account) = (institution.clone(), account.clone());
                    admitted.destination = Destination::Bank { institution, account };
                }
            }
            _ => {}
        }
        self.payouts.admit_request(&admitted)?;
        let body = self.pay(request, order_id).map_err(|invalid| {
            let error = Error::invalid(operation, &invalid);
            match self.is(Wrong::NamesNoField) {
                true => Error::new(operation, ErrorKind::InvalidRequest, "it does not fit")
                    .effect_is(Effect::NotSent),
                false => error,
            }
        })?;
        let mut lookup = request.lookup(order_id);
        lookup.channel = admitted.destination.channel();
        let contract = self.settings.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        self.allow(operation)?;
        let order = &prepared.lookup.order_id;
        self.check(operation, prepared, FORM)?;
        if self.settings.two_steps {
            return self.draft_and_confirm(prepared).await;
        }
        let (said, answer) =
            self.exchange(operation, "/pay", order.as_str(), &prepared.body).await?;
        let payout = self.payout(operation, said, Some(answer), Some(&prepared.lookup))?;
        payout.agreeing(operation, &prepared.lookup)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(operation)?;
        let (said, answer) = match self.looked_up(operation, "/find", lookup).await? {
            Found::Found(said) => said,
            Found::Absent(answer)
                if self.is(Wrong::AmbiguousIsFailed) && answer.code.as_deref() == Some("B1") =>
            {
                return Ok(Found::Found(Payout::new(PayoutStatus::Failed)));
            }
            Found::Absent(answer) => return Ok(Found::Absent(answer)),
        };
        let mut asked = lookup.clone();
        if self.is(Wrong::BindsByAnyReference) {
            asked.provider_reference = said.number.clone().and_then(|n| n.parse().ok());
        }
        let payout = self.payout(operation, said, Some(answer), Some(&asked))?;
        match self.settings.wrong {
            Some(Wrong::SkipsTheAmount) => asked.amount = None,
            Some(Wrong::SkipsTheOrder) => {
                asked.order_id = payout.order_id.clone().unwrap_or(asked.order_id);
            }
            _ => {}
        }
        payout.agreeing(operation, &asked).map(Found::Found)
    }
}

impl fmt::Debug for Acme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match self.settings.wrong {
            Some(Wrong::PrintsTheKey) => &self.settings.merchant_key,
            _ => "***",
        };
        write!(f, "Acme({}, {}, key {key})", self.id, self.account.masked())
    }
}

/// How far Acme's word goes.
pub(crate) fn contract() -> Contract {
    let mut contract = Contract::default();
    contract.version = 1;
    contract.resend_for = Some(SignedDuration::from_hours(24));
    contract.find_by = FindBy::OrderId;
    contract.answers_signed = true;
    contract.settle = Some(SignedDuration::from_mins(10));
    contract.payee_spacing = Some(SignedDuration::from_mins(10));
    contract.bound = vec![Bound::OrderId, Bound::Amount, Bound::Account];
    contract
}

//! Payouts: what is sent, in one call or two.

use super::{
    Acme, Wrong,
    wire::{Pay, Placed, Said},
};
use async_trait::async_trait;
use tulay_core::*;

const BANKS: [&str; 2] = ["BOPIPHMM", "BNORPHMM"];
pub(super) const LONGEST_REMARK: usize = 40;
pub(super) const LONGEST_NAME: usize = 60;

const FORM: u16 = 1;

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
        if let (Destination::Bank { institution, .. }, Some(Wrong::IgnoresTheLimitOfABank)) =
            (&mut admitted.destination, self.settings.wrong)
        {
            *institution = InstitutionId::new("BOPIPHMM").unwrap();
        }
        let rail = match self.payouts.admit_request(&admitted)?.rail {
            Some(_) if self.is(Wrong::PaysOverOneRail) => Some(Rail::InstaPay),
            rail => rail,
        };
        let body = self.pay(request, order_id, rail).map_err(|invalid| {
            let error = Error::invalid(operation, &invalid);
            match self.is(Wrong::NamesNoField) {
                true => Error::new(operation, ErrorKind::InvalidRequest, "it does not fit")
                    .with_effect(Effect::NotSent),
                false => error,
            }
        })?;
        let mut lookup = request.lookup(order_id);
        lookup.channel = admitted.destination.channel();
        let guarantees = self.settings.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        self.allow(operation)?;
        let order = &prepared.lookup.order_id;
        self.check(operation, prepared, FORM)?;
        if self.settings.two_steps {
            return self.draft_and_confirm(prepared).await;
        }
        let (said, response) =
            self.exchange(operation, "/pay", order.as_str(), &prepared.body).await?;
        let payout = self.payout(operation, said, Some(response), Some(&prepared.lookup))?;
        payout.check_matches(operation, &prepared.lookup)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(operation)?;
        let (said, response) = match self.payout_looked_up(lookup).await? {
            Found::Found(said) => said,
            Found::Absent(response)
                if self.is(Wrong::AmbiguousIsFailed) && response.code.as_deref() == Some("B1") =>
            {
                return Ok(Found::Found(Payout::new(PayoutStatus::Failed)));
            }
            Found::Absent(response) => return Ok(Found::Absent(response)),
        };
        let mut asked = lookup.clone();
        if self.is(Wrong::BindsByAnyReference) {
            asked.provider_reference = said.number.clone().and_then(|n| n.parse().ok());
        }
        let payout = self.payout(operation, said, Some(response), Some(&asked))?;
        match self.settings.wrong {
            Some(Wrong::SkipsTheAmount) => asked.amount = None,
            Some(Wrong::SkipsTheAmountOfAList) if lookup.provider_reference.is_none() => {
                asked.amount = None;
            }
            Some(Wrong::SkipsTheOrder) => {
                asked.order_id = payout.order_id.clone().unwrap_or(asked.order_id);
            }
            _ => {}
        }
        if self.is(Wrong::FindsWhatNamesNothing) && payout.order_id.is_none() {
            return Ok(Found::Found(payout));
        }
        payout.check_matches(operation, &asked).map(Found::Found)
    }
}

impl Acme {
    /// What is written down: everything but the time stamp.
    fn pay(
        &self,
        request: &PayoutRequest,
        order_id: &OrderId,
        rail: Option<Rail>,
    ) -> Result<String, Invalid> {
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
                    self.pay(&request, order_id, rail)
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
            number: match self.settings.wrong {
                Some(Wrong::DropsLeadingZeros) => {
                    account.expose().trim_start_matches('0').to_owned()
                }
                Some(Wrong::CutsTheAccount) => account.expose().chars().take(12).collect(),
                _ => account.expose().to_owned(),
            },
            name,
            remark: remark.transpose()?,
            rail: rail.map(|rail| rail.to_string()),
            key: self.settings.listed.then(|| match self.settings.wrong {
                Some(Wrong::CutsTheKey) => order_id.as_str()[..8].to_owned(),
                Some(Wrong::KeepsTheKeyOfAnAttempt) => format!("key of {:>20}", request.reference),
                _ => order_id.to_string(),
            }),
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

    pub(crate) fn payout(
        &self,
        operation: Operation,
        said: Said,
        response: Option<ProviderResponse>,
        asked: Option<&Lookup>,
    ) -> Result<Payout> {
        let said = self.observation(operation, said, response)?;
        let payout = said.map(|word| self.status(operation, &word));
        Ok(self.concluded(payout, asked))
    }

    /// Refuses what was prepared for another account, order or role.
    pub(super) fn check(&self, operation: Operation, prepared: &Prepared, form: u16) -> Result<()> {
        let account = match self.is(Wrong::SendsForAnotherAccount) {
            true => &prepared.merchant_account,
            false => &self.account,
        };
        let form = match self.is(Wrong::SendsCodesOfAnyForm) && operation == Operation::StaticCode {
            true => prepared.form,
            false => form,
        };
        let placed = serde_json::from_str::<Placed>(&prepared.body).map(|placed| placed.order);
        let names_order = placed.is_ok_and(|order| order == prepared.lookup.order_id.as_str());
        let odd_id = operation == Operation::Payout
            && (self.is(Wrong::CutsTheId) || self.is(Wrong::DropsTheId));
        prepared.check(operation, account, form, names_order || odd_id)
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

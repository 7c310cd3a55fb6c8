//! Arguments and values that several commands share.

use clap::{Args, ValueEnum};
use std::time::Duration;
use tulay::{
    Country, Currency, InstitutionId, Operation, Rail, Reference,
    journal::{Actor, Status},
    text,
};

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WaitArgs {
    /// How long to wait until it is final, such as 30s or 2m.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    wait: Duration,
    /// Do not wait.
    #[arg(long, conflicts_with = "wait")]
    no_wait: bool,
}

impl WaitArgs {
    pub(crate) const fn duration(self) -> Duration {
        if self.no_wait { Duration::ZERO } else { self.wait }
    }
}

/// A duration of zero or more, such as `30s`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration: jiff::SignedDuration =
        text.parse().map_err(|_| "expected a duration such as 30s, 2m or 1h".to_owned())?;
    Duration::try_from(duration).map_err(|_| "expected a duration that is not negative".into())
}

/// A bank, wallet or shop by its id, or by a name that is one institution's in all countries.
pub(super) fn institution(text: &str) -> Result<InstitutionId, String> {
    text::institution_or_id(text, None).map_err(|invalid| invalid.problem().to_string())
}

/// A reference, which may be one that earlier versions took. What makes a new payment reads it by
/// [`text::reference`].
pub(super) fn reference(text: &str) -> Result<Reference, String> {
    let read = Reference::new(text).or_else(|_| text::reference(text));
    read.map_err(|invalid| invalid.problem().to_string())
}

/// A payout's status, as JSON has it.
pub(super) fn status(text: &str) -> Result<Status, String> {
    let names = || Status::ALL.map(Status::as_str).join(", ");
    let found = Status::ALL.into_iter().find(|status| status.as_str() == text);
    found.ok_or_else(|| format!("expected one of {}", names()))
}

/// The name of a person or program.
pub(super) fn actor(text: &str) -> Result<Actor, String> {
    Actor::new(text).map_err(|invalid| invalid.problem().to_string())
}

/// A country; clap names the argument.
pub(super) fn country(text: &str) -> Result<Country, String> {
    text::country(text).map_err(|invalid| invalid.problem().to_string())
}

/// A payment rail; clap names the argument.
pub(super) fn rail(text: &str) -> Result<Rail, String> {
    text::rail(text).map_err(|invalid| invalid.problem().to_string())
}

/// A currency; clap names the argument.
pub(super) fn currency(text: &str) -> Result<Currency, String> {
    text::currency(text).map_err(|invalid| invalid.problem().to_string())
}

/// The currency that payments of a country usually have.
pub(crate) fn usual_currency(country: Country) -> Currency {
    match country {
        Country::ID => Currency::IDR,
        Country::MY => Currency::MYR,
        Country::RU => Currency::RUB,
        Country::TH => Currency::THB,
        _ => Currency::PHP,
    }
}

/// What the journal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaymentKind {
    Payout,
    Refund,
}

impl From<PaymentKind> for Operation {
    fn from(kind: PaymentKind) -> Self {
        match kind {
            PaymentKind::Payout => Self::Payout,
            PaymentKind::Refund => Self::Refund,
        }
    }
}

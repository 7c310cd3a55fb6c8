//! `tulay providers`

use crate::{args::Global, error::CliError, exit::Exit, report::Report, session::Session};
use serde_json::{Value, json};
use tulay::{
    Builder, Channel, Country, Currency, Operation, Provider, Rail,
    adapter::{Assumption, Capability, Roles},
    readings::AccountKind,
};

pub(crate) async fn run(global: &Global, builder: Builder) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let (mut values, mut records, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for provider in session.tulay.providers() {
        let assumptions = session.tulay.assumptions(provider.id());
        let offers = offers(provider.as_ref(), assumptions);
        rows.extend(offers.iter().map(|offer| offer.row(provider.as_ref())));
        records.extend(offers.iter().map(|offer| {
            let mut record = offer.to_json();
            if let Some(members) = record.as_object_mut() {
                members.insert("provider".into(), json!(provider.id()));
            }
            record
        }));
        values.push(json!({
            "provider": provider.id(),
            "adapter": session.tulay.adapter(provider.id()),
            "environment": provider.merchant_account().environment,
            "operations": offers.iter().map(Offer::to_json).collect::<Vec<_>>(),
        }));
    }
    let header =
        ["provider", "operation", "country", "channel", "limits", "required", "confidence"];
    Report::new("tulay.providers/1", session.environment())
        .list("providers", values)
        .records(records)
        .table(&header, rows)
        .print(global.format(), Exit::Done)
}

/// One operation in one place.
struct Offer {
    operation: Operation,
    country: Option<Country>,
    currency: Option<Currency>,
    channel: Option<&'static str>,
    rail: Option<Rail>,
    min: Option<tulay::Money>,
    max: Option<tulay::Money>,
    required: Vec<&'static str>,
    confidence: &'static str,
}

impl Offer {
    fn to_json(&self) -> Value {
        json!({
            "operation": self.operation,
            "country": self.country,
            "currency": self.currency,
            "channel": self.channel,
            "rail": self.rail.map(|rail| rail.as_str()),
            "min": self.min,
            "max": self.max,
            "required": self.required,
            "confidence": self.confidence,
        })
    }

    /// `bank`, or `bank (instapay)`.
    fn channel_and_rail(&self) -> String {
        let channel = self.channel.unwrap_or("-");
        self.rail.map_or_else(|| channel.to_owned(), |rail| format!("{channel} ({rail})"))
    }

    fn row(&self, provider: &dyn Provider) -> Vec<String> {
        let place = match (self.country, self.currency) {
            (Some(country), Some(currency)) => format!("{country} {currency}"),
            _ => "-".into(),
        };
        let limits = match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (None, Some(max)) => format!("to {max}"),
            (Some(min), None) => format!("from {min}"),
            (None, None) => "-".into(),
        };
        vec![
            provider.id().to_string(),
            self.operation.to_string(),
            place,
            self.channel_and_rail(),
            limits,
            self.required.join(" "),
            self.confidence.to_owned(),
        ]
    }
}

fn offers(provider: &dyn Provider, assumptions: &[Assumption]) -> Vec<Offer> {
    let roles: Roles<'_> = provider.roles();
    let mut offers = Vec::new();
    for operation in
        [Operation::Payout, Operation::Collection, Operation::StaticCode, Operation::Refund]
    {
        let capability = roles.capability(operation).into_iter();
        offers.extend(capability.flat_map(|c| in_corridors(operation, c, assumptions)));
    }
    let accounts = roles.balances.map_or(&[] as &[_], |role| role.accounts());
    offers.extend(accounts.iter().map(|(account, country, currency)| Offer {
        country: Some(*country),
        currency: Some(*currency),
        channel: Some(account.as_str()).filter(|_| *account != AccountKind::Single),
        ..anywhere(Operation::Balance, assumptions)
    }));
    let plain = [
        roles.reports.map(|_| Operation::Report),
        roles.institutions.map(|_| Operation::Institutions),
        roles.qr_inspection.map(|_| Operation::QrInspection),
        roles.webhooks.map(|_| Operation::Notification),
        roles.health.map(|_| Operation::Health),
    ];
    offers.extend(plain.into_iter().flatten().map(|operation| anywhere(operation, assumptions)));
    offers
}

fn in_corridors(
    operation: Operation,
    capability: &Capability,
    assumptions: &[Assumption],
) -> Vec<Offer> {
    let offered = capability.corridors.iter().filter(|c| c.operations.contains(&operation));
    offered
        .map(|corridor| Offer {
            operation,
            country: Some(corridor.country),
            currency: Some(corridor.currency),
            channel: Some(corridor.channel.as_str()),
            rail: corridor.rail,
            min: corridor.min,
            max: corridor.max,
            required: corridor.required.iter().map(|field| field.as_str()).collect(),
            confidence: confidence(
                operation,
                Some(corridor.country),
                Some(corridor.channel),
                assumptions,
            ),
        })
        .collect()
}

fn anywhere(operation: Operation, assumptions: &[Assumption]) -> Offer {
    Offer {
        operation,
        country: None,
        currency: None,
        channel: None,
        rail: None,
        min: None,
        max: None,
        required: Vec::new(),
        confidence: confidence(operation, None, None, assumptions),
    }
}

/// Assumed where an operation, or the look-up that it is never used without, would not be known at
/// all without an assumption.
fn confidence(
    operation: Operation,
    country: Option<Country>,
    channel: Option<Channel>,
    assumptions: &[Assumption],
) -> &'static str {
    let look_up = match operation {
        Operation::Payout => Some(Operation::PayoutFind),
        Operation::Collection => Some(Operation::CollectionFind),
        // A static code of which no payment could be learned is not made.
        Operation::StaticCode => Some(Operation::StaticCodePayments),
        Operation::Refund => Some(Operation::RefundFind),
        _ => None,
    };
    let stands_on = |assumption: &&Assumption| {
        assumption.operation.is_some_and(|of| of == operation || Some(of) == look_up)
            && (assumption.country.is_none() || assumption.country == country)
            && (assumption.channel.is_none() || assumption.channel == channel)
    };
    if assumptions.iter().any(|assumption| stands_on(&assumption)) {
        "assumed"
    } else {
        "documented"
    }
}

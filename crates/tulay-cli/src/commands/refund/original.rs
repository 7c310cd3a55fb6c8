//! The payment to refund: found by our reference, or named by the provider's.

use crate::{args::OriginalArgs, commands::collection, error::CliError, session::Session};
use jiff::Timestamp;
use tulay::{Collection, CollectionStatus, Lookup, Money, Operation, OrderId, Provider, Reference};

/// A payment, and where it is.
pub(super) struct Original<'s> {
    pub(super) provider: &'s dyn Provider,
    pub(super) lookup: Lookup,
    /// The reference of the collection, where it is one.
    pub(super) collection: Option<Reference>,
    /// What the collection says.
    status: Option<CollectionStatus>,
    /// What was paid, where the provider states it.
    pub(super) paid: Option<Money>,
    pub(super) paid_at: Option<Timestamp>,
}

impl<'s> Original<'s> {
    /// Looks it up. Every provider that may have it has to answer: at one that does not, the refund
    /// may have been made before.
    pub(super) async fn seek(
        session: &'s Session,
        args: &OriginalArgs,
        refund: &Reference,
    ) -> Result<Self, CliError> {
        match (&args.collection, &args.original) {
            (Some(reference), None) => Self::of_collection(session, args, reference).await,
            (None, Some(_)) => Self::named(session, args, refund),
            _ => Err(CliError::usage(
                "collection",
                "name the payment: --collection REFERENCE, or --original with the provider's own \
                 reference",
            )),
        }
    }

    async fn of_collection(
        session: &'s Session,
        args: &OriginalArgs,
        reference: &Reference,
    ) -> Result<Self, CliError> {
        let seen = collection::find(session, &args.collection(reference), None).await;
        let seen = seen.map_err(CliError::unsent)?;
        if seen.doubtful {
            let message = "another provider did not answer and may know the collection too; name \
                           the provider with --provider";
            return Err(CliError::could_not_run("provider", message).unsent());
        }
        Ok(Self::found(seen.provider.as_ref(), seen.lookup, seen.thing, reference))
    }

    /// Only a paid collection can be refunded.
    pub(super) fn must_be_paid(&self) -> Result<(), CliError> {
        let Some((reference, status)) = self.collection.as_ref().zip(self.status.as_ref()) else {
            return Ok(());
        };
        if *status == CollectionStatus::Paid {
            return Ok(());
        }
        let status = collection::status(status);
        let message =
            format!("collection {reference} is {status}: only a paid collection can be refunded");
        Err(CliError::usage("collection", message).unsent())
    }

    fn found(
        provider: &'s dyn Provider,
        mut lookup: Lookup,
        collection: Collection,
        reference: &Reference,
    ) -> Self {
        let observation = collection.observation;
        lookup.learn(&observation);
        Self {
            provider,
            collection: Some(reference.clone()),
            paid: observation
                .amount
                .as_ref()
                .and_then(|amount| amount.in_currency(lookup.currency)),
            paid_at: observation.finished.as_ref().and_then(|time| time.at),
            status: Some(observation.status),
            lookup,
        }
    }

    /// The payment with this provider reference. No provider is asked: a payment of a static code
    /// has no order id of ours, and the caller gives the paid amount.
    fn named(
        session: &'s Session,
        args: &OriginalArgs,
        refund: &Reference,
    ) -> Result<Self, CliError> {
        let able: Vec<_> = candidates(session, args)?
            .into_iter()
            .filter(|p| p.roles().refunds.is_some())
            .collect();
        let provider = match able.as_slice() {
            [only] => *only,
            [] => return Err(CliError::usage("provider", "no configured provider makes refunds")),
            _ => {
                let message = "several providers make refunds; name one with --provider";
                return Err(CliError::usage("provider", message));
            }
        };
        let rules = provider.roles().refunds.map(|refunds| refunds.capability().ids);
        let rules = rules.unwrap_or(tulay::adapter::IdRules::STANDARD);
        // The payment's order id is not known; the refund uses the provider reference.
        let order_id =
            OrderId::derive(rules, session.tulay.namespace(), Operation::Collection, refund, 1);
        let mut lookup =
            Lookup::new(order_id, args.country(), args.currency(), args.method().channel());
        lookup.institution.clone_from(&args.institution);
        lookup.provider_reference.clone_from(&args.original);
        lookup.payment.clone_from(&args.payment);
        Ok(Self { provider, lookup, collection: None, status: None, paid: None, paid_at: None })
    }
}

fn candidates<'s>(
    session: &'s Session,
    args: &OriginalArgs,
) -> Result<Vec<&'s dyn Provider>, CliError> {
    if args.provider.is_some() {
        return Ok(vec![session.provider(args.provider.as_ref())?.as_ref()]);
    }
    Ok(session.tulay.providers().map(AsRef::as_ref).collect())
}

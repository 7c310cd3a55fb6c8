//! The common part of collections and static codes: the provider, the order id, and the search for
//! an existing one.

use crate::{
    args::{CollectionArgs, Global, MethodArg},
    error::CliError,
    exit::Exit,
    keys,
    markets::{Market, markets},
    next_command,
    payout_file::read_party,
    session::Session,
};
use std::{path::Path, sync::Arc};
use tulay::{
    CollectionMethod, Country, Currency, Environment, ErrorKind, Found, Lookup, Money, Operation,
    OrderId, Party, Provider, ProviderId, ProviderReference, adapter::Capability, routing::Payment,
};

/// Something that a provider knows.
pub(crate) struct Seen<'s, T> {
    pub(crate) provider: &'s Arc<dyn Provider>,
    pub(crate) lookup: Lookup,
    pub(crate) thing: T,
    /// Whether another provider may know of another one: it could not be asked.
    pub(crate) doubtful: bool,
}

/// A search for one thing at all providers.
pub(crate) struct Search<'s, T> {
    /// What is sought, such as `collection`.
    what: &'static str,
    /// Where it is sought. What is found elsewhere is another payment of the same reference.
    here: Market,
    asked: Vec<&'s str>,
    /// Providers that have no query for it.
    without_lookup: Vec<&'s str>,
    /// Providers that have only a query by their own id, which is not given.
    by_own_id: Vec<&'s str>,
    found: Vec<Seen<'s, T>>,
    /// What a provider knows of it in another country.
    other_country: Option<(&'s ProviderId, Country, Option<String>)>,
    /// The status and amount of a thing, in words.
    state: fn(&T, Currency) -> String,
    /// The first provider whose query failed, and the error.
    failed: Option<(&'s ProviderId, tulay::CallError)>,
}

impl<'s, T> Search<'s, T> {
    pub(crate) fn new(
        what: &'static str,
        args: &CollectionArgs,
        state: fn(&T, Currency) -> String,
    ) -> Self {
        Self {
            what,
            here: (args.country, args.currency()),
            asked: Vec::new(),
            without_lookup: Vec::new(),
            by_own_id: Vec::new(),
            found: Vec::new(),
            other_country: None,
            state,
            failed: None,
        }
    }

    /// Leaves out a provider that looks it up by its own id alone.
    pub(crate) fn leave_out(&mut self, provider: &'s ProviderId) {
        self.by_own_id.push(provider.as_str());
    }

    /// Records what one provider answered: first where the thing is sought, then elsewhere.
    pub(crate) fn record(
        &mut self,
        provider: &'s Arc<dyn Provider>,
        lookup: Lookup,
        answer: tulay::adapter::Result<Found<T>>,
    ) {
        let id = provider.id().as_str();
        if (lookup.country, lookup.currency) != self.here {
            return self.record_other_country(provider.id(), &lookup, answer);
        }
        match answer {
            Ok(Found::Found(thing)) => {
                self.found.push(Seen { provider, lookup, thing, doubtful: false });
            }
            Ok(Found::Absent(_)) => {}
            Err(error) if has_no_way(&error) => return self.without_lookup.push(id),
            Err(error) => self.failed = self.failed.take().or(Some((provider.id(), error))),
        }
        self.asked.push(id);
    }

    fn record_other_country(
        &mut self,
        id: &'s ProviderId,
        lookup: &Lookup,
        answer: tulay::adapter::Result<Found<T>>,
    ) {
        // A provider may know an order whatever country it is asked in.
        let known = self.found.iter().any(|seen| seen.provider.id() == id);
        match answer {
            Ok(Found::Absent(_)) => {}
            Err(error) if has_no_way(&error) => {}
            Err(error) if error.kind() != ErrorKind::Mismatch => {
                self.failed = self.failed.take().or(Some((id, error)));
            }
            _ if known => {}
            Err(_) => self.other_country = Some((id, lookup.country, None)),
            Ok(Found::Found(thing)) => {
                let state = (self.state)(&thing, lookup.currency);
                self.other_country = Some((id, lookup.country, Some(state)));
            }
        }
    }

    /// The one there is, if there is one. With two, a person has to look.
    pub(crate) fn known(mut self, args: &CollectionArgs) -> Result<Option<Seen<'s, T>>, CliError> {
        let (what, reference) = (self.what, &args.reference);
        if let Some((provider, country, state)) = self.other_country {
            let state = state.map_or(String::new(), |state| format!(": {state}"));
            let message = format!(
                "{provider} knows {reference} as a {what} in {country}{state}; look it up with \
                 --country {country}. Only if this is another {what}, choose another reference"
            );
            return Err(CliError::in_doubt("reference", message));
        }
        match (self.found.pop(), self.found.is_empty(), self.failed) {
            (Some(_), false, _) => Err(CliError::in_doubt(
                "several",
                format!(
                    "{what} {reference} is known at more than one provider; look it up at each with \
                     --provider"
                ),
            )),
            (Some(seen), true, failed) => Ok(Some(Seen { doubtful: failed.is_some(), ..seen })),
            (None, _, Some((id, error))) => {
                // A contradiction is about this very order.
                let contradicts = error.kind() == ErrorKind::Mismatch;
                let exit = if contradicts { Exit::InDoubt } else { Exit::CouldNotRun };
                Err(CliError::call(id, exit, &error))
            }
            (None, _, None) => Ok(None),
        }
    }

    /// The existing one, or an error if no provider knows it.
    pub(crate) fn found(self, args: &CollectionArgs) -> Result<Seen<'s, T>, CliError> {
        let (what, asked, without_lookup) =
            (self.what, self.asked.join(", "), self.without_lookup.join(", "));
        let by_own_id = next_command::by_own_id(what, &self.by_own_id);
        if let Some(seen) = self.known(args)? {
            return Ok(seen);
        }
        let without_lookup = match without_lookup.as_str() {
            "" => String::new(),
            without_lookup => format!("; {without_lookup} cannot look up a {what}"),
        };
        if asked.is_empty() && !by_own_id.is_empty() {
            return Err(CliError::usage("provider_reference", by_own_id));
        }
        if asked.is_empty() {
            let message = format!("no configured provider can look up this {what}{without_lookup}");
            return Err(CliError::usage("provider", message));
        }
        let reference = &args.reference;
        let by_own_id = match by_own_id.as_str() {
            "" => String::new(),
            by_own_id => format!(". {by_own_id}"),
        };
        Err(CliError::not_found(format!(
            "no {what} {reference} is known at {asked} in {}; this does not prove that there is \
             none{without_lookup}{by_own_id}",
            args.country
        )))
    }
}

/// The providers to ask: the named one, or all of them.
pub(crate) fn asked<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<Vec<&'s Arc<dyn Provider>>, CliError> {
    match &args.provider {
        Some(_) => Ok(vec![session.provider(args.provider.as_ref())?]),
        None => Ok(session.tulay.providers().collect()),
    }
}

/// The provider to send to: the one that is named, or the first by the rules.
pub(crate) fn preferred<'s>(
    session: &'s Session,
    operation: Operation,
    args: &CollectionArgs,
    amount: Option<Money>,
) -> Result<&'s Arc<dyn Provider>, CliError> {
    if args.provider.is_some() {
        return session.provider(args.provider.as_ref());
    }
    let payment = payment(operation, args, amount);
    let plan = session.tulay.plan(&payment);
    let first = plan.first().map_err(|error| CliError::usage("route", error.to_string()))?;
    Ok(first.provider)
}

/// The warnings about the rule that decides, such as a provider that makes no refunds.
pub(crate) fn warn(
    global: &Global,
    session: &Session,
    operation: Operation,
    args: &CollectionArgs,
    amount: Option<Money>,
) {
    if args.provider.is_some() {
        return;
    }
    let payment = payment(operation, args, amount);
    let plan = session.tulay.plan(&payment);
    let Some(rule) = plan.rule() else { return };
    let warnings = session.tulay.warnings().iter();
    for warning in warnings.filter(|w| !w.place.is_empty() && w.place == rule.place) {
        global.say(&format!("note: {warning}"));
    }
}

fn payment(operation: Operation, args: &CollectionArgs, amount: Option<Money>) -> Payment<'_> {
    let (country, currency) = (args.country, args.currency());
    let mut payment = Payment::new(operation, country, currency, args.method.channel());
    payment.institution = args.institution.as_ref();
    payment.amount = amount;
    payment.reference = Some(args.reference.as_str());
    payment
}

/// What to ask a provider by.
pub(crate) fn lookup(
    session: &Session,
    operation: Operation,
    capability: &Capability,
    args: &CollectionArgs,
) -> Lookup {
    let namespace = session.tulay.namespace();
    let order_id = OrderId::derive(capability.ids, namespace, operation, &args.reference, 1);
    let mut lookup = Lookup::new(order_id, args.country, args.currency(), args.method.channel());
    lookup.institution.clone_from(&args.institution);
    lookup.terminal.clone_from(&args.terminal);
    lookup
}

/// What to ask a provider by, here and wherever else the reference could have been used at it.
pub(crate) fn lookups(
    session: &Session,
    operation: Operation,
    capability: &Capability,
    args: &CollectionArgs,
) -> Vec<Lookup> {
    let here = (args.country, args.currency());
    let markets = markets(capability, operation, Some(here)).into_iter();
    let lookups = markets.map(|(country, currency)| {
        let mut lookup = lookup(session, operation, capability, args);
        if (country, currency) != here {
            (lookup.country, lookup.currency, lookup.institution) = (country, currency, None);
        }
        lookup
    });
    lookups.collect()
}

/// The error for a role that a provider does not have. An operation that production leaves out
/// because it is documented only by assumption can be accepted by name.
pub(crate) fn absent(
    session: &Session,
    provider: &dyn Provider,
    error: &tulay::CallError,
) -> CliError {
    let (id, operation) = (provider.id(), error.operation());
    let production = provider.merchant_account().environment == Environment::Production;
    let mut assumptions = session.tulay.assumptions(id).iter();
    if production && assumptions.any(|assumption| assumption.operation == Some(operation)) {
        let message = format!(
            "{id}: {operation} is documented only by assumption; try it with the provider, then \
             name it in accept_unverified to use it in production"
        );
        return CliError::usage("accept_unverified", message);
    }
    CliError::call(id, Exit::Usage, error)
}

/// Whether a provider serves this country and currency at all.
pub(crate) fn serves(capability: &Capability, args: &CollectionArgs) -> bool {
    let place = (args.country, args.currency());
    capability.corridors.iter().any(|corridor| (corridor.country, corridor.currency) == place)
}

/// How the payer is to pay.
pub(crate) fn method(args: &CollectionArgs) -> Result<CollectionMethod, CliError> {
    match (args.method, &args.institution) {
        (MethodArg::Qr, _) => Ok(CollectionMethod::Qr),
        (MethodArg::WeChat, _) => {
            let message = "wechat is for collections only, and requires --wechat FILE with open_id \
                           and app_id";
            Err(CliError::usage("method", message))
        }
        (MethodArg::VirtualAccount, Some(id)) => Ok(CollectionMethod::VirtualAccount(id.clone())),
        (MethodArg::Redirect, Some(id)) => Ok(CollectionMethod::Redirect(id.clone())),
        (_, None) => Err(CliError::usage("institution", "this method requires --institution ID")),
    }
}

/// The payer, or the holder of a code.
pub(crate) fn party(file: Option<&Path>, args: &CollectionArgs) -> Result<Party, CliError> {
    let Some(file) = file else { return Ok(Party::default()) };
    read_party(&keys::read(file)?, args.country).map_err(|bad| CliError::bad_lines(&[bad]))
}

/// What to run to ask for it.
pub(crate) fn get_command(
    global: &Global,
    noun: &str,
    provider: &dyn Provider,
    args: &CollectionArgs,
    provider_reference: Option<&ProviderReference>,
) -> Option<String> {
    let options = [
        ("provider", Some(provider.id().to_string())),
        ("provider-reference", provider_reference.map(ToString::to_string)),
        ("country", Some(args.country.to_string())),
        ("currency", Some(args.currency().to_string())),
        ("method", Some(args.method.as_str().to_owned())),
        ("institution", args.institution.as_ref().map(ToString::to_string)),
        ("terminal", args.terminal.as_ref().map(ToString::to_string)),
    ];
    next_command::command(global, &format!("{noun} get"), &args.reference, &options)
}

/// Whether a provider offers no look-up. A provider that answers so may know the thing all the
/// same.
fn has_no_way(error: &tulay::CallError) -> bool {
    error.kind() == ErrorKind::Unsupported && error.response().is_none()
}

//! `tulay payout create | get`

use super::tracked::{self, Moves};
use crate::{
    args::{CreateArgs, GetArgs, Global, PayoutCommand},
    error::CliError,
    exit::Exit,
    keys,
    markets::{Market, markets},
    next_command,
    payout_file::{AmountFormat, BadLine, Cells, Row, read_row},
    route::choose,
    session::Session,
    track::{Progress, Sighting, State, Tracked, Tracker, one_of},
};
use std::{io::IsTerminal, path::Path, time::Duration};
use tulay::{
    Builder, Channel, Lookup, Operation, Provider, ProviderId, ProviderReference, Reference,
};

pub(crate) async fn run(
    global: &Global,
    command: &PayoutCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    match command {
        PayoutCommand::Create(args) => create(global, args, builder).await,
        PayoutCommand::Get(args) => get(global, args, builder).await,
    }
}

async fn create(global: &Global, args: &CreateArgs, builder: Builder) -> Result<Exit, CliError> {
    global.under_way.prepares();
    let session = Session::open(global, builder).await?;
    let row = read(&args.file)?;
    session.announce(global, true)?;
    if let Some(institution) = row.resolved {
        global.say(&format!("to {} ({})", institution.name, institution.id));
    }
    let provider = choose(&session.tulay, &row.request, row.provider.as_ref())?;
    let tracker = Tracker::new(provider.as_ref(), args.wait.duration())?;
    let tracker = tracker.asking(session.tulay.providers().map(AsRef::as_ref));
    let tracker = tracker.beginning_here(global.sandbox());
    let request = &row.request;
    let (country, currency) = (request.country, request.amount.currency());
    let again = |provider: &ProviderId| {
        get_command(global, &request.reference, provider, (country, currency), None, None)
    };
    if std::io::stderr().is_terminal() {
        let id = provider.id();
        global.say(&format!("sending through {id}; waiting up to {:?}", args.wait.duration()));
    }
    let progress = |progress, id: &ProviderId| match progress {
        Progress::Sends => global.under_way.sends("payout", again(id)),
        Progress::Follows => global.under_way.follows(again(id)),
    };
    let tracked = tracker.pay(session.tulay.namespace(), request, progress).await?;
    let next = get_again(global, &session, &tracked, args.wait.duration());
    print(global, &session, &tracked, next)
}

async fn get(global: &Global, args: &GetArgs, builder: Builder) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let (mut asked, mut found, mut failed) = (Vec::new(), Vec::<Sighting<'_>>::new(), None);
    let mut by_own_id = Vec::new();
    for (provider, markets) in candidates(&session, args)? {
        let tracker = Tracker::new(provider, args.wait.duration())?;
        if args.provider_reference.is_none() && !tracker.looks_up_by_order_id() {
            by_own_id.push(provider.id().as_str());
            continue;
        }
        let countries: Vec<&str> = markets.iter().map(|(country, _)| country.as_str()).collect();
        asked.push(format!("{} ({})", provider.id(), countries.join(", ")));
        for (country, currency) in markets {
            let lookup = |id| {
                let mut lookup = Lookup::new(id, country, currency, Channel::Bank);
                lookup.provider_reference.clone_from(&args.provider_reference);
                lookup
            };
            match tracker.look(session.tulay.namespace(), &args.reference, lookup).await {
                // A provider may know an order whatever country it is asked in.
                Ok(Some((_, tracked, payout)))
                    if found.iter().any(|(_, seen, known)| {
                        seen.provider == tracked.provider
                            && known.provider_reference.is_some()
                            && known.provider_reference == payout.provider_reference
                    }) => {}
                Ok(sighting) => found.extend(sighting),
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
    }
    if let Some((tracker, tracked, payout)) = one_of(&args.reference, found)? {
        let mut tracked = tracker.follow_on(tracked, payout).await;
        let unasked =
            failed.as_ref().map(|f| f.provider().map_or("another provider", |p| p.as_str()));
        if let (Some(unasked), State::Failed) = (unasked, tracked.state) {
            // A provider that could not be asked may have paid it.
            tracked.state = State::InDoubt;
            tracked.waiting = Some(format!("{unasked} could not be queried"));
        }
        let next = get_again(global, &session, &tracked, args.wait.duration());
        return print(global, &session, &tracked, next);
    }
    if let Some(failure) = failed {
        return Err(failure);
    }
    let by_own_id = next_command::by_own_id("payout", &by_own_id);
    if asked.is_empty() {
        return Err(CliError::usage("provider_reference", by_own_id));
    }
    let not_asked = match by_own_id.as_str() {
        "" => String::new(),
        by_own_id => format!(". {by_own_id}"),
    };
    Err(CliError::not_found(format!(
        "no payout {} is known at {}; this does not prove that there is none. The same create is \
         safe to run again if nothing changes: not the request, not the provider, not the \
         configuration. A create with another reference is not safe{not_asked}",
        args.reference,
        asked.join(", ")
    )))
}

/// A provider, and where it pays.
type Place<'s> = (&'s dyn Provider, Vec<Market>);

/// The provider named, or all that pay there.
fn candidates<'s>(session: &'s Session, args: &GetArgs) -> Result<Vec<Place<'s>>, CliError> {
    let wanted = |&(country, currency): &Market| {
        args.country.is_none_or(|wanted| wanted == country)
            && args.currency.is_none_or(|wanted| wanted == currency)
    };
    let named = match &args.provider {
        Some(_) => Some(session.provider(args.provider.as_ref())?.id()),
        None => None,
    };
    let mut found = Vec::new();
    for provider in session.tulay.providers() {
        let named = named.is_none_or(|id| id == provider.id());
        let Some(payouts) = provider.roles().payouts.filter(|_| named) else { continue };
        let mut markets = markets(payouts.capability(), Operation::Payout, None);
        markets.retain(wanted);
        if !markets.is_empty() {
            found.push((provider.as_ref(), markets));
        }
    }
    if found.is_empty() {
        let of = |word: &str, value: Option<String>| value.map(|v| format!(" {word} {v}"));
        let currency = of("of", args.currency.map(|currency| currency.to_string()));
        let country = of("in", args.country.map(|country| country.to_string()));
        let what = [currency, country].into_iter().flatten().collect::<String>();
        let message = format!("no configured provider makes payouts{what}");
        return Err(CliError::usage("provider", message).next("tulay providers"));
    }
    Ok(found)
}

/// What to run to ask for a payout again, at the provider where it is.
fn get_again(
    global: &Global,
    session: &Session,
    tracked: &Tracked,
    waited: Duration,
) -> Option<String> {
    let provider = session.tulay.provider(&tracked.provider);
    let tracker = provider.and_then(|provider| Tracker::new(provider.as_ref(), waited).ok());
    let wait = tracker.as_ref().and_then(Tracker::longer);
    let by_own_id = tracker.is_some_and(|tracker| !tracker.looks_up_by_order_id());
    let theirs = tracked.provider_reference.as_ref().filter(|_| by_own_id);
    let market = (tracked.lookup.country, tracked.lookup.currency);
    get_command(global, &tracked.reference, &tracked.provider, market, theirs, wait)
}

/// The payout in a file of JSON; a mistake names its member.
pub(crate) fn read(file: &Path) -> Result<Row, CliError> {
    let bytes = keys::read(file)?;
    let cells =
        Cells::from_json(&bytes).map_err(|mistakes| BadLine { line: None, amount: None, mistakes });
    let row = cells.and_then(|cells| read_row(None, &cells, AmountFormat::Plain));
    row.map_err(|bad| CliError::bad_lines(&[bad]))
}

/// What to run to ask for this payout.
fn get_command(
    global: &Global,
    reference: &Reference,
    provider: &ProviderId,
    (country, currency): Market,
    provider_reference: Option<&ProviderReference>,
    wait: Option<Duration>,
) -> Option<String> {
    let options = [
        ("provider", Some(provider.to_string())),
        ("provider-reference", provider_reference.map(ToString::to_string)),
        ("country", Some(country.to_string())),
        ("currency", Some(currency.to_string())),
        ("wait", wait.map(|wait| format!("{}s", wait.as_secs()))),
    ];
    next_command::command(global, "payout get", reference, &options)
}

fn print(
    global: &Global,
    session: &Session,
    tracked: &Tracked,
    ask: Option<String>,
) -> Result<Exit, CliError> {
    let environment = session.tulay.provider(&tracked.provider);
    let environment = environment.map(|provider| provider.merchant_account().environment);
    let report = tracked::report("tulay.payout/1", environment, tracked).result(&tracked.to_json());
    tracked::print(global, report, tracked, Moves::Payout, ask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_mistakes_are_named_and_its_values_are_not() {
        let cases = [
            ("[]", "expected one JSON object"),
            ("{", "expected one JSON object; line 1, column 1 does not fit"),
            (
                r#"{"reference":"R1","amount":998877.00}"#,
                r#"amount: expected text: write \"1250.00\""#,
            ),
            (r#"{"reference":"R1","reference":"R2"}"#, "reference: it is given twice"),
            (r#"{"acount":"998877"}"#, "acount: unknown member; did you mean account?"),
            (r#"{"reference":"R1"}"#, "\"country: expected a value"),
        ];
        for (text, expected) in cases {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            let failure = read(file.path()).unwrap_err();
            assert_eq!(failure.exit(), Exit::Usage);
            let printed = format!("{failure:?}");
            assert!(printed.contains(expected), "{text}: {printed}");
            assert!(!printed.contains("998877"), "{printed}");
        }
    }
}

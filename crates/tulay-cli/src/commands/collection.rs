//! `tulay collection create | get | cancel`

use crate::{
    args::{CollectArgs, CollectionArgs, CollectionCommand, GetCollectionArgs, Global, MethodArg},
    error::CliError,
    exit::Exit,
    json_file,
    payment_instructions::{self, Pictures},
    receiving::{self, Search, Seen},
    report::Report,
    required_fields,
    session::Session,
};
use serde::Deserialize;
use std::net::IpAddr;
use tulay::{
    Builder, Collection, CollectionMethod, CollectionRequest, CollectionStatus, Collections,
    Currency, Effect, ErrorKind, Found, Lookup, Money, Operation, Provider, ProviderExt,
    ProviderReference, WeChatOpenId,
    adapter::{Clock, SystemClock},
    json::{CollectionJson, Personal, shown_word},
    text::{self, AmountFormat},
};

pub(crate) async fn run(
    global: &Global,
    command: &CollectionCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    match command {
        CollectionCommand::Create(args) => create(global, &session, args).await,
        CollectionCommand::Get(args) => get(global, &session, args).await,
        CollectionCommand::Cancel(args) => cancel(global, &session, args).await,
    }
}

async fn create(global: &Global, session: &Session, args: &CollectArgs) -> Result<Exit, CliError> {
    let given = &args.collection;
    let request = request(args)?;
    let pictures = Pictures::new(args.svg.as_deref(), args.png.as_deref())?;
    session.announce(global, true)?;
    global.under_way.prepares();
    let provider =
        receiving::preferred(session, Operation::Collection, given, Some(request.amount))?;
    let collections = role(provider.as_ref())?;
    // As nothing is stored, every provider is asked first: the rules may have been others then.
    let search = search(session, given, None, session.tulay.providers()).await;
    let (seen, note) = match search.known(given).map_err(CliError::unasked)? {
        Some(mut seen) => {
            seen.lookup.amount = Some(request.amount);
            if let Some(reason) = other_amount(&seen) {
                return print_other_amount(global, given, &mut seen, request.amount, &reason);
            }
            (seen, Some("it exists already; nothing was sent now"))
        }
        None => {
            let lookup =
                receiving::lookup(session, Operation::Collection, collections.capability(), given);
            let by_own_id = by_own_id(provider.as_ref());
            let next = get_command(global, provider.as_ref(), given).filter(|_| !by_own_id);
            required_fields::check(provider.id(), collections.capability(), &request)?;
            let prepared = collections
                .prepare(&request, &lookup.order_id)
                .map_err(|error| CliError::by_effect(provider.id(), &error, next.clone()))?;
            receiving::warn(global, session, Operation::Collection, given, Some(request.amount));
            global.under_way.sends("collection", next.clone());
            let made = collections.create(&prepared).await;
            let thing = made.map_err(|error| {
                let failure = CliError::by_effect(provider.id(), &error, next);
                match error.effect() {
                    Effect::Unknown if by_own_id => failure.about(
                        "how to pay is not known, so it cannot be paid, and the same command can \
                         be run again:",
                    ),
                    _ => failure,
                }
            })?;
            let mut seen = Seen { provider, lookup: prepared.lookup, thing, doubtful: false };
            seen.lookup.learn(&seen.thing.observation);
            (seen, None)
        }
    };
    // A collection that waits for its payer is made: that is success here.
    let exit = match exit(&seen) {
        Exit::Accepted => Exit::Done,
        exit => exit,
    };
    let next = get_again(global, &seen, given);
    let kept = next.as_ref().filter(|_| by_own_id(seen.provider.as_ref()));
    let kept = kept.map(|next| format!("it is looked up by its own id alone: {next}"));
    let note = note.or(kept.as_deref());
    let shown = print(global, given, &seen, Compared::Requested(request.amount), note, exit)
        .and_then(|exit| pictures.write(seen.thing.payment_instructions.as_ref()).map(|()| exit));
    shown.map_err(|failure| failure.after(&format!("collection {} exists", given.reference), next))
}

async fn get(
    global: &Global,
    session: &Session,
    args: &GetCollectionArgs,
) -> Result<Exit, CliError> {
    let given = &args.collection;
    let read = |amount| text::amount(amount, given.currency(), AmountFormat::Plain);
    let asked = args.amount.as_deref().map(read).transpose();
    let asked = asked.map_err(|error| CliError::invalid("arguments", &error))?;
    session.announce(global, false)?;
    let seen = find(session, given, args.provider_reference.as_ref()).await?;
    let compared = asked.map_or(Compared::Nothing, Compared::Asked);
    print(global, given, &seen, compared, doubt(&seen), exit(&seen))
}

async fn cancel(
    global: &Global,
    session: &Session,
    args: &CollectionArgs,
) -> Result<Exit, CliError> {
    session.announce(global, true)?;
    global.under_way.prepares();
    let mut seen = find(session, args, None).await?;
    seen.lookup.provider_reference = seen.thing.observation.provider_reference.take();
    let provider = seen.provider.as_ref();
    let next = get_command(global, provider, args);
    let role = provider.collection_cancel();
    let role = role.map_err(|error| receiving::absent(session, provider, &error))?;
    global.under_way.sends("withdrawal", next.clone());
    let cancelled = role.cancel(&seen.lookup).await;
    seen.thing = cancelled.map_err(|error| match error.effect() {
        // The withdrawal was rejected: this says nothing about the money.
        Effect::Rejected => next.into_iter().fold(
            CliError::call(seen.provider.id(), Exit::CouldNotRun, &error)
                .about("it was not withdrawn:"),
            CliError::next,
        ),
        _ => CliError::by_effect(seen.provider.id(), &error, next),
    })?;
    let exit = match (&seen.thing.observation.status, seen.doubtful) {
        (CollectionStatus::Closed, false) => Exit::Done,
        _ => exit(&seen),
    };
    print(global, args, &seen, Compared::Nothing, doubt(&seen), exit)
}

/// The collection, at whichever provider knows it.
pub(super) async fn find<'s>(
    session: &'s Session,
    args: &CollectionArgs,
    provider_reference: Option<&ProviderReference>,
) -> Result<Seen<'s, Collection>, CliError> {
    let asked = receiving::asked(session, args)?;
    search(session, args, provider_reference, asked.into_iter()).await.found(args)
}

async fn search<'s>(
    session: &'s Session,
    args: &CollectionArgs,
    provider_reference: Option<&ProviderReference>,
    providers: impl Iterator<Item = &'s std::sync::Arc<dyn Provider>>,
) -> Search<'s, Collection> {
    let mut search = Search::new("collection", args, state_and_amount);
    for provider in providers {
        let Some(collections) = provider.roles().collections else { continue };
        let capability = collections.capability();
        if provider_reference.is_none() && by_own_id(provider.as_ref()) {
            search.leave_out(provider.id());
            continue;
        }
        for mut lookup in receiving::lookups(session, Operation::Collection, capability, args) {
            lookup.provider_reference = provider_reference.cloned();
            let response = collections.find(&lookup).await;
            let response = response.and_then(|found| identified(found, &lookup));
            search.record(provider, lookup, response);
        }
    }
    search
}

/// A response that names no order, or another one, is no collection that was found.
fn identified(
    found: Found<Collection>,
    lookup: &Lookup,
) -> tulay::adapter::Result<Found<Collection>> {
    match found {
        Found::Found(collection) if !collection.observation.names(lookup) => {
            let message = "the response does not identify the collection, so it proves nothing";
            Err(tulay::CallError::new(Operation::CollectionFind, ErrorKind::Unrelated, message))
        }
        found => Ok(found),
    }
}

/// The status and amount that the provider states.
fn state_and_amount(collection: &Collection, currency: Currency) -> String {
    let observation = &collection.observation;
    let amount = observation.amount.as_ref().map(|stated| stated.text_in(currency));
    let amount = amount.map_or(String::new(), |amount| format!(", {amount}"));
    format!("{}{amount}", status(&observation.status))
}

/// What the provider knows of the collection, where it states another amount than the request.
fn other_amount(seen: &Seen<'_, Collection>) -> Option<String> {
    let asked = seen.lookup.amount?;
    seen.thing.observation.other_amount(&seen.lookup)?;
    Some(format!(
        "{} states {}; this request says {asked}; nothing was sent now. It may have been paid short \
         or over. Only if this is another collection, choose another reference",
        seen.provider.id(),
        state_and_amount(&seen.thing, asked.currency())
    ))
}

/// Prints a collection of another amount; how to pay that one is not shown for this request.
fn print_other_amount(
    global: &Global,
    args: &CollectionArgs,
    seen: &mut Seen<'_, Collection>,
    asked: Money,
    reason: &str,
) -> Result<Exit, CliError> {
    seen.thing.payment_instructions = None;
    print(global, args, seen, Compared::Asked(asked), Some(reason), Exit::InDoubt)
}

/// The fields that WeChat requires. It has no `Debug`, as it identifies the payer.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WeChat {
    open_id: Option<String>,
    app_id: Option<String>,
    ip: Option<IpAddr>,
}

fn role(provider: &dyn Provider) -> Result<&dyn Collections, CliError> {
    provider.collections().map_err(|error| CliError::call(provider.id(), Exit::Usage, &error))
}

fn request(args: &CollectArgs) -> Result<CollectionRequest, CliError> {
    let given = &args.collection;
    let invalid = |error| CliError::invalid("arguments", &error);
    let reference = text::reference(given.reference.as_str()).map_err(invalid)?;
    let amount = text::amount(&args.amount, given.currency(), AmountFormat::Plain);
    let amount = amount.map_err(invalid)?;
    let remark = args.remark.as_ref().map(|remark| text::line("remark", remark)).transpose();
    let wechat = args.wechat.as_deref().map(|file| json_file::read::<WeChat>("wechat", file));
    let wechat = wechat.transpose()?.unwrap_or_default();
    let method = match (given.method, wechat.open_id, wechat.app_id) {
        (MethodArg::WeChat, Some(open_id), Some(app_id)) => CollectionMethod::WeChat {
            open_id: WeChatOpenId::new(open_id).map_err(invalid)?,
            app_id: text::line("app_id", &app_id).map_err(invalid)?,
        },
        _ => receiving::method(given)?,
    };
    let mut request = CollectionRequest::new(reference, given.country, amount, method);
    request.payer = receiving::party(args.payer.as_deref(), given)?;
    request.payer.ip = wechat.ip;
    request.terminal.clone_from(&given.terminal);
    request.remark = remark.map_err(invalid)?;
    request.return_url.clone_from(&args.return_url);
    if let Some(expires) = args.expires {
        let now = SystemClock::new().now();
        let at = now.checked_add(expires).map_err(|e| CliError::usage("expires", e.to_string()))?;
        request.expires = Some(at);
    }
    Ok(request)
}

/// An amount beside the one that the provider states.
#[derive(Clone, Copy, Debug)]
enum Compared {
    Nothing,
    /// What was requested, shown where the provider states no amount.
    Requested(Money),
    /// What was to be paid: the payment is compared with it.
    Asked(Money),
}

fn print(
    global: &Global,
    args: &CollectionArgs,
    seen: &Seen<'_, Collection>,
    compared: Compared,
    note: Option<&str>,
    exit: Exit,
) -> Result<Exit, CliError> {
    let Seen { provider, lookup, thing: collection, .. } = seen;
    let id = provider.id();
    let mut result =
        CollectionJson::new(&args.reference, id, lookup, collection, Personal::Revealed);
    match compared {
        Compared::Nothing => {}
        Compared::Requested(amount) => result.amount = result.amount.or(Some(amount)),
        Compared::Asked(asked) => result = result.with_asked(asked),
    }
    let short = result.difference.is_some_and(|difference| difference.minor() < 0);
    let exit = if short && exit == Exit::Done { Exit::Accepted } else { exit };
    let reference = result.provider_reference.as_ref();
    let row = vec![
        args.reference.to_string(),
        id.to_string(),
        reference.map_or("-", |reference| reference.as_str()).to_owned(),
        result.amount.map_or_else(|| "-".into(), |amount| amount.to_string()),
        paid_of(&result).unwrap_or_else(|| result.status.clone()),
        result.expires.clone().unwrap_or_default(),
    ];
    let environment = provider.merchant_account().environment;
    let report = Report::new("tulay.collection/1", Some(environment))
        .result(&result)
        .table(&["reference", "provider", "its reference", "amount", "status", "until"], vec![row]);
    let report = match note {
        Some(note) => report.member("note", note).line(note),
        None => report,
    };
    let report = payment_instructions::show(report, collection.payment_instructions.as_ref())?;
    report.print(global.format(), exit)
}

/// What was paid of what was to be paid, where the two differ.
fn paid_of(result: &CollectionJson) -> Option<String> {
    let (paid, asked) = result.paid.zip(result.asked)?;
    result.difference.is_some_and(|d| d.minor() != 0).then(|| format!("paid {paid} of {asked}"))
}

/// The status as it can be shown.
pub(crate) fn status(status: &CollectionStatus) -> &str {
    match status {
        CollectionStatus::Unknown(word) => shown_word(word),
        known => known.as_str(),
    }
}

/// The warning if another provider could not be asked.
const fn doubt(seen: &Seen<'_, Collection>) -> Option<&'static str> {
    if seen.doubtful { Some("another provider could not be queried") } else { None }
}

const fn exit(seen: &Seen<'_, Collection>) -> Exit {
    match seen.thing.observation.status {
        CollectionStatus::Paid => Exit::Done,
        // A provider that did not answer may have received the payment.
        CollectionStatus::Closed if !seen.doubtful => Exit::Rejected,
        CollectionStatus::Closed | CollectionStatus::Reversed => Exit::InDoubt,
        // A collection whose payment failed once may still be paid.
        _ => Exit::Accepted,
    }
}

/// What to run to ask for it before the provider answered.
fn get_command(global: &Global, provider: &dyn Provider, args: &CollectionArgs) -> Option<String> {
    receiving::get_command(global, "collection", provider, args, None)
}

/// What to run to ask for it again, where it is.
fn get_again(
    global: &Global,
    seen: &Seen<'_, Collection>,
    args: &CollectionArgs,
) -> Option<String> {
    let provider = seen.provider.as_ref();
    let theirs = seen.lookup.provider_reference.as_ref();
    let theirs = theirs.filter(|_| by_own_id(provider));
    receiving::get_command(global, "collection", provider, args, theirs)
}

/// Whether the provider looks collections up by its own id alone.
fn by_own_id(provider: &dyn Provider) -> bool {
    let collections = provider.roles().collections;
    collections.is_some_and(|role| !role.capability().guarantees.find_by.by_order_id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{Channel, Country, Observation, OrderId, ProviderReference};

    #[test]
    fn a_response_that_names_no_order_is_no_collection() {
        let order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
        let lookup = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Qr);
        let found = |status: CollectionStatus, order_id: Option<&str>| {
            let mut observation = Observation::new(status);
            observation.order_id = order_id.and_then(|id| OrderId::parse(id).ok());
            observation.provider_reference = ProviderReference::new("7001").ok();
            identified(Found::Found(Collection::new(observation)), &lookup)
        };
        for status in [CollectionStatus::Pending, CollectionStatus::Paid] {
            for id in [None, Some("CAAAAAAAAAAAAAAAAAAAAAAAAA")] {
                let error = found(status.clone(), id).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Unrelated, "{status} {id:?}");
            }
            assert!(found(status, Some("CCCT4DQCA7IYPBOIHLLI5GBEMB")).is_ok());
        }
    }
}

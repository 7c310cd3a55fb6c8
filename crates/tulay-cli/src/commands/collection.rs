//! `tulay collection create | get | cancel`

use crate::{
    args::{CollectArgs, CollectionArgs, CollectionCommand, CollectionMethod, Global},
    exit::Exit,
    failure::Failure,
    pay_by,
    payout_file::read_party,
    report::Report,
    session::Session,
};
use serde_json::json;
use std::sync::Arc;
use tulay::{
    Builder, Clock, Collection, CollectionRequest, CollectionStatus, Collections, Found, Lookup,
    Method, Money, Operation, OrderId, Payment, Provider, ProviderExt, ProviderTime, SystemClock,
    Tulay,
};

pub(crate) async fn run(
    global: &Global,
    command: &CollectionCommand,
    builder: Builder,
) -> Result<Exit, Failure> {
    let session = Session::open(global, builder).await?;
    match command {
        CollectionCommand::Create(args) => create(global, &session, args).await,
        CollectionCommand::Get(args) => get(global, &session, args).await,
        CollectionCommand::Cancel(args) => cancel(global, &session, args).await,
    }
}

async fn create(global: &Global, session: &Session, args: &CollectArgs) -> Result<Exit, Failure> {
    let request = request(args)?;
    session.announce(global, true)?;
    let (provider, collections) = choose(session, &args.collection, Some(request.amount))?;
    let mut lookup = lookup(session, collections, &args.collection);
    lookup.amount = Some(request.amount);
    // Without a memory, the provider is asked first.
    let known = collections.find(&lookup).await;
    let known = known.map_err(|error| Failure::call(Exit::CouldNotRun, &error).unsent())?;
    let (collection, note) = match known {
        Found::Found(collection) => (collection, Some("it was made before; nothing is new")),
        Found::Absent(_) => {
            let made = collections.create(&request, &lookup.order_id).await;
            let made = made.map_err(|error| {
                let next = get_command(global, provider.as_ref(), &args.collection);
                Failure::by_effect(&error, next)
            })?;
            (made, None)
        }
    };
    pay_by::write(collection.pay_by.as_ref(), args.svg.as_deref(), args.png.as_deref())?;
    // That it waits for its payer is what was asked for.
    let exit = match exit(&collection.observation.status) {
        Exit::Accepted => Exit::Done,
        exit => exit,
    };
    print(global, provider, &args.collection, &lookup, &collection, note, exit)
}

async fn get(global: &Global, session: &Session, args: &CollectionArgs) -> Result<Exit, Failure> {
    session.announce(global, false)?;
    let (provider, lookup, collection) = find(session, args).await?;
    let exit = exit(&collection.observation.status);
    print(global, provider, args, &lookup, &collection, None, exit)
}

async fn cancel(
    global: &Global,
    session: &Session,
    args: &CollectionArgs,
) -> Result<Exit, Failure> {
    session.announce(global, true)?;
    let (provider, mut lookup, found) = find(session, args).await?;
    lookup.provider_reference = found.observation.provider_reference;
    let collections = role(provider.as_ref())?;
    let cancelled = collections.cancel(&lookup).await;
    let next = || get_command(global, provider.as_ref(), args);
    let cancelled = cancelled.map_err(|error| Failure::by_effect(&error, next()))?;
    let exit = match cancelled.observation.status {
        CollectionStatus::Closed => Exit::Done,
        ref status => exit(status),
    };
    print(global, provider, args, &lookup, &cancelled, None, exit)
}

/// The collection, at whichever provider knows it.
async fn find<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<(&'s Arc<dyn Provider>, Lookup, Collection), Failure> {
    let (mut asked, mut failed) = (Vec::new(), None);
    for provider in session.tulay.providers() {
        let named = args.provider.as_ref().is_none_or(|id| id == provider.id());
        let Some(collections) = provider.roles().collections.filter(|_| named) else { continue };
        asked.push(provider.id().as_str());
        let lookup = lookup(session, collections, args);
        match collections.find(&lookup).await {
            Ok(Found::Found(collection)) => return Ok((provider, lookup, collection)),
            Ok(Found::Absent(_)) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    match (failed, asked.is_empty()) {
        (Some(error), _) => Err(Failure::call(Exit::CouldNotRun, &error)),
        (None, true) => Err(Failure::usage("provider", "no provider here collects money")),
        (None, false) => Err(Failure::not_found(format!(
            "no collection {} is known at {}; that is no proof that there is none",
            args.reference,
            asked.join(", ")
        ))),
    }
}

/// The provider named, or the first by the rules.
fn choose<'s>(
    session: &'s Session,
    args: &CollectionArgs,
    amount: Option<Money>,
) -> Result<(&'s Arc<dyn Provider>, &'s dyn Collections), Failure> {
    let tulay: &Tulay = &session.tulay;
    let provider = match &args.provider {
        Some(_) => session.provider(args.provider.as_ref())?,
        None => {
            let (country, currency) = (args.country, args.currency());
            let channel = args.method.channel();
            let mut payment = Payment::new(Operation::Collection, country, currency, channel);
            payment.institution = args.institution.as_ref();
            payment.amount = amount;
            let plan = tulay.plan(&payment);
            plan.first().map_err(|error| Failure::usage("route", error.to_string()))?.provider
        }
    };
    Ok((provider, role(provider.as_ref())?))
}

fn role(provider: &dyn Provider) -> Result<&dyn Collections, Failure> {
    provider.collections().map_err(|error| Failure::call(Exit::Usage, &error))
}

fn lookup(session: &Session, collections: &dyn Collections, args: &CollectionArgs) -> Lookup {
    let (rules, namespace) = (collections.capability().ids, session.tulay.namespace());
    let order_id = OrderId::derive(rules, namespace, Operation::Collection, &args.reference, 1);
    let mut lookup = Lookup::new(order_id, args.country, args.currency(), args.method.channel());
    lookup.institution.clone_from(&args.institution);
    lookup.terminal.clone_from(&args.terminal);
    lookup
}

fn request(args: &CollectArgs) -> Result<CollectionRequest, Failure> {
    let given = &args.collection;
    let invalid = |error| Failure::invalid("arguments", &error);
    let amount = Money::parse(&args.amount, given.currency()).map_err(invalid)?;
    let method = match (given.method, &given.institution) {
        (CollectionMethod::Qr, _) => Method::Qr,
        (CollectionMethod::VirtualAccount, Some(id)) => Method::VirtualAccount(id.clone()),
        (CollectionMethod::Redirect, Some(id)) => Method::Redirect(id.clone()),
        (_, None) => return Err(Failure::usage("institution", "expected --institution ID")),
    };
    let mut request =
        CollectionRequest::new(given.reference.clone(), given.country, amount, method);
    if let Some(file) = &args.payer {
        request.payer = read_party(&crate::keys::read(file)?, given.country)
            .map_err(|bad| Failure::bad_lines(&[bad]))?;
    }
    request.terminal.clone_from(&given.terminal);
    request.remark.clone_from(&args.remark);
    request.return_url.clone_from(&args.return_url);
    if let Some(expires) = args.expires {
        let now = SystemClock::new().now();
        let at = now.checked_add(expires).map_err(|e| Failure::usage("expires", e.to_string()))?;
        request.expires = Some(at);
    }
    Ok(request)
}

fn print(
    global: &Global,
    provider: &Arc<dyn Provider>,
    args: &CollectionArgs,
    lookup: &Lookup,
    collection: &Collection,
    note: Option<&str>,
    exit: Exit,
) -> Result<Exit, Failure> {
    let observation = &collection.observation;
    let stated = observation.amount.as_ref().and_then(|a| a.in_currency(lookup.currency));
    let amount = stated.or(lookup.amount);
    let expires = collection.expires.as_ref().map(told);
    let reference = observation.provider_reference.as_ref().map_or("-", |r| r.as_str());
    let row = vec![
        args.reference.to_string(),
        provider.id().to_string(),
        reference.to_owned(),
        amount.map_or_else(|| "-".into(), |amount| amount.to_string()),
        observation.status.to_string(),
        expires.clone().unwrap_or_default(),
    ];
    let environment = provider.merchant_account().environment;
    let report = Report::new("tulay.collection/1", Some(environment))
        .member("reference", args.reference.as_str())
        .member("provider", provider.id().as_str())
        .member("provider_reference", json!(observation.provider_reference))
        .member("order_id", json!(lookup.order_id))
        .member("amount", json!(amount))
        .member("status", observation.status.as_str())
        .member("expires", json!(expires))
        .table(&["reference", "provider", "its reference", "amount", "status", "until"], vec![row]);
    let report = pay_by::show(report, collection.pay_by.as_ref())?;
    match note {
        Some(note) => report.line(note),
        None => report,
    }
    .print(global.format(), exit)
}

/// The instant, where it is known, else the provider's own words.
fn told(time: &ProviderTime) -> String {
    time.at.map_or_else(|| time.text.clone(), |at| at.to_string())
}

const fn exit(status: &CollectionStatus) -> Exit {
    match status {
        CollectionStatus::Paid => Exit::Done,
        CollectionStatus::Failed | CollectionStatus::Closed => Exit::Refused,
        CollectionStatus::Reversed => Exit::InDoubt,
        _ => Exit::Accepted,
    }
}

fn get_command(global: &Global, provider: &dyn Provider, args: &CollectionArgs) -> String {
    let config = global.config.as_ref().map(|file| format!(" --config {}", file.display()));
    format!(
        "tulay collection get {} --provider {} --country {}{}",
        args.reference,
        provider.id(),
        args.country,
        config.unwrap_or_default()
    )
}

//! `tulay static-code create | get | payments | enable | disable | cancel`

use crate::{
    args::{CollectionArgs, Global, PaymentsArgs, StaticCodeArgs, StaticCodeCommand},
    error::CliError,
    exit::Exit,
    payment_instructions::{self, Pictures},
    receiving::{self, Search, Seen},
    report::Report,
    required_fields,
    session::Session,
};
use std::sync::Arc;
use tulay::{
    Builder, Lookup, Operation, Provider, ProviderExt, StaticCode, StaticCodeRequest,
    StaticCodeStatus, StaticCodes,
    json::{IncomingPaymentJson, Personal, StaticCodeJson, shown_word},
    text,
};

pub(crate) async fn run(
    global: &Global,
    command: &StaticCodeCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    match command {
        StaticCodeCommand::Create(args) => create(global, &session, args).await,
        StaticCodeCommand::Get(args) => get(global, &session, args).await,
        StaticCodeCommand::Payments(args) => payments(global, &session, args).await,
        StaticCodeCommand::Enable(args) => {
            set_status(global, &session, args, StaticCodeStatus::Active).await
        }
        StaticCodeCommand::Disable(args) => {
            set_status(global, &session, args, StaticCodeStatus::Inactive).await
        }
        StaticCodeCommand::Cancel(args) => {
            set_status(global, &session, args, StaticCodeStatus::Cancelled).await
        }
    }
}

async fn create(
    global: &Global,
    session: &Session,
    args: &StaticCodeArgs,
) -> Result<Exit, CliError> {
    let given = &args.code;
    let request = request(args)?;
    let pictures = Pictures::new(args.svg.as_deref(), args.png.as_deref())?;
    session.announce(global, true)?;
    global.under_way.prepares();
    let provider = receiving::preferred(session, Operation::StaticCode, given, None)?;
    let codes = role(provider.as_ref())?;
    // As nothing is stored, every provider is asked first. Where a provider has no look-up, it
    // rejects an order id that was used before, so that no second code is made there.
    let search = search(session, given, session.tulay.providers()).await;
    let (provider, code, before) = match search.known(given).map_err(CliError::unasked)? {
        Some(seen) => (seen.provider, seen.thing, true),
        None => {
            required_fields::check(provider.id(), codes.capability(), &request)?;
            let lookup = lookup(session, codes, given);
            let next = get_command(global, provider.as_ref(), given);
            let prepared = codes
                .prepare(&request, &lookup.order_id)
                .map_err(|error| CliError::by_effect(provider.id(), &error, next.clone()))?;
            global.under_way.sends("code", next.clone());
            let made = codes.create(&prepared).await;
            let made = made.map_err(|error| CliError::by_effect(provider.id(), &error, next))?;
            (provider, made, false)
        }
    };
    let cancelled = code.status == StaticCodeStatus::Cancelled;
    let (note, exit) = match (before, cancelled) {
        (_, true) => {
            (Some("it exists already and is cancelled: it cannot be paid"), Exit::Rejected)
        }
        (true, false) => (Some("it exists already; nothing was sent now"), Exit::Done),
        (false, false) => (None, Exit::Done),
    };
    let next = get_command(global, provider.as_ref(), given);
    let mut shown = print(global, provider, given, &code, note, exit);
    if !cancelled {
        shown = shown
            .and_then(|exit| pictures.write(code.payment_instructions.as_ref()).map(|()| exit));
    }
    shown.map_err(|failure| failure.after(&format!("static code {} exists", given.reference), next))
}

async fn get(global: &Global, session: &Session, args: &CollectionArgs) -> Result<Exit, CliError> {
    session.announce(global, false)?;
    let seen = find(session, args).await?;
    let (note, exit) = match seen.thing.status {
        StaticCodeStatus::Cancelled => (Some("it is cancelled: it cannot be paid"), Exit::Rejected),
        _ => (None, Exit::Done),
    };
    print(global, seen.provider, args, &seen.thing, note, exit)
}

async fn set_status(
    global: &Global,
    session: &Session,
    args: &CollectionArgs,
    status: StaticCodeStatus,
) -> Result<Exit, CliError> {
    session.announce(global, true)?;
    global.under_way.prepares();
    // A provider without a query for codes may still accept a change of one.
    let (provider, lookup) = match only_one(session, args)? {
        Some(provider) => (provider, lookup(session, role(provider.as_ref())?, args)),
        None => find(session, args).await.map(|seen| (seen.provider, seen.thing.lookup))?,
    };
    let control = provider.static_code_control();
    let control = control.map_err(|error| receiving::absent(session, provider.as_ref(), &error))?;
    let next = get_command(global, provider.as_ref(), args);
    global.under_way.sends("change", next.clone());
    let set = control.set_status(&lookup, status).await;
    let code = set.map_err(|error| CliError::by_effect(provider.id(), &error, next))?;
    print(global, provider, args, &code, None, Exit::Done)
}

async fn payments(
    global: &Global,
    session: &Session,
    args: &PaymentsArgs,
) -> Result<Exit, CliError> {
    session.announce(global, false)?;
    let seen = find(session, &args.code).await?;
    let provider = seen.provider.as_ref();
    let role = provider.static_code_payments();
    let role = role.map_err(|error| receiving::absent(session, provider, &error))?;
    let incoming_payments = role.payments(&seen.thing.lookup, args.from, args.to).await;
    let incoming_payments = incoming_payments
        .map_err(|error| CliError::call(seen.provider.id(), Exit::CouldNotRun, &error))?;
    let payments: Vec<IncomingPaymentJson> = incoming_payments
        .iter()
        .map(|incoming_payment| IncomingPaymentJson::new(incoming_payment, args.code.currency()))
        .collect();
    let mut rows = Vec::new();
    for payment in &payments {
        rows.push(vec![
            payment.provider_reference.as_ref().map_or("-", |r| r.as_str()).to_owned(),
            payment.amount.map_or_else(|| "-".into(), |amount| amount.to_string()),
            payment.status.clone(),
            payment.terminal.as_ref().map_or("", |terminal| terminal.as_str()).to_owned(),
        ]);
    }
    let environment = seen.provider.merchant_account().environment;
    let mut report = Report::new("tulay.static-code-payments/1", Some(environment))
        .member("reference", args.code.reference.as_str())
        .results("payments", &payments)
        .table(&["its reference", "amount", "status", "terminal"], rows);
    if incoming_payments.is_empty() {
        report = report.line("no payments in these days");
    }
    report.print(global.format(), Exit::Done)
}

/// The code, at whichever provider knows it.
async fn find<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<Seen<'s, StaticCode>, CliError> {
    let asked = receiving::asked(session, args)?;
    search(session, args, asked.into_iter()).await.found(args)
}

async fn search<'s>(
    session: &'s Session,
    args: &CollectionArgs,
    providers: impl Iterator<Item = &'s Arc<dyn Provider>>,
) -> Search<'s, StaticCode> {
    let mut search =
        Search::new("static code", args, |code: &StaticCode, _| status(&code.status).to_owned());
    for provider in providers {
        let Some(codes) = provider.roles().static_codes else { continue };
        for lookup in receiving::lookups(session, Operation::StaticCode, codes.capability(), args) {
            let answer = codes.find(&lookup).await;
            search.record(provider, lookup, answer);
        }
    }
    search
}

/// The provider that is named, or the only one that makes codes there.
fn only_one<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<Option<&'s Arc<dyn Provider>>, CliError> {
    if args.provider.is_some() {
        return session.provider(args.provider.as_ref()).map(Some);
    }
    let makes_codes = session.tulay.providers().filter(|provider| {
        let codes = provider.roles().static_codes;
        codes.is_some_and(|codes| receiving::serves(codes.capability(), args))
    });
    Ok(match makes_codes.collect::<Vec<_>>().as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

fn role(provider: &dyn Provider) -> Result<&dyn StaticCodes, CliError> {
    provider.static_codes().map_err(|error| CliError::call(provider.id(), Exit::Usage, &error))
}

fn lookup(session: &Session, codes: &dyn StaticCodes, args: &CollectionArgs) -> Lookup {
    receiving::lookup(session, Operation::StaticCode, codes.capability(), args)
}

fn request(args: &StaticCodeArgs) -> Result<StaticCodeRequest, CliError> {
    let given = &args.code;
    let method = receiving::method(given)?;
    let invalid = |error| CliError::invalid("arguments", &error);
    let line = |field, text: &Option<String>| {
        text.as_ref().map(|text| text::line(field, text)).transpose().map_err(invalid)
    };
    let reference = text::reference(given.reference.as_str()).map_err(invalid)?;
    let mut request = StaticCodeRequest::new(reference, given.country, given.currency(), method);
    request.holder = receiving::party(args.holder.as_deref(), given)?;
    request.terminal.clone_from(&given.terminal);
    request.display_name = line("display_name", &args.display_name)?;
    request.remark = line("remark", &args.remark)?;
    Ok(request)
}

fn print(
    global: &Global,
    provider: &Arc<dyn Provider>,
    args: &CollectionArgs,
    code: &StaticCode,
    note: Option<&str>,
    exit: Exit,
) -> Result<Exit, CliError> {
    let result = StaticCodeJson::new(&args.reference, provider.id(), code, Personal::Revealed);
    let reference = result.provider_reference.as_ref().map_or("-", |r| r.as_str());
    let row = vec![
        args.reference.to_string(),
        provider.id().to_string(),
        reference.to_owned(),
        result.status.clone(),
    ];
    let environment = provider.merchant_account().environment;
    let report = Report::new("tulay.static-code/1", Some(environment))
        .result(&result)
        .table(&["reference", "provider", "its reference", "status"], vec![row]);
    // A code that cannot be paid is not drawn.
    let usable =
        code.payment_instructions.as_ref().filter(|_| code.status != StaticCodeStatus::Cancelled);
    let report = payment_instructions::show(report, usable)?;
    note.into_iter().fold(report, Report::line).print(global.format(), exit)
}

/// The status as it can be shown.
fn status(status: &StaticCodeStatus) -> &str {
    match status {
        StaticCodeStatus::Unknown(word) => shown_word(word),
        known => known.as_str(),
    }
}

fn get_command(global: &Global, provider: &dyn Provider, args: &CollectionArgs) -> Option<String> {
    receiving::get_command(global, "static-code", provider, args, None)
}

//! `tulay static-code create | get | payments | enable | disable | cancel`

use crate::{
    args::{
        CollectionArgs, CollectionMethod, Global, PaymentsArgs, StaticCodeArgs, StaticCodeCommand,
    },
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
    Builder, CodeRequest, CodeStatus, ErrorKind, Found, Lookup, Method, Operation, OrderId,
    Payment, Provider, ProviderExt, QrCodes, StaticCode,
};

pub(crate) async fn run(
    global: &Global,
    command: &StaticCodeCommand,
    builder: Builder,
) -> Result<Exit, Failure> {
    let session = Session::open(global, builder).await?;
    match command {
        StaticCodeCommand::Create(args) => create(global, &session, args).await,
        StaticCodeCommand::Get(args) => get(global, &session, args).await,
        StaticCodeCommand::Payments(args) => payments(global, &session, args).await,
        StaticCodeCommand::Enable(args) => {
            set_status(global, &session, args, CodeStatus::Active).await
        }
        StaticCodeCommand::Disable(args) => {
            set_status(global, &session, args, CodeStatus::Inactive).await
        }
        StaticCodeCommand::Cancel(args) => {
            set_status(global, &session, args, CodeStatus::Cancelled).await
        }
    }
}

async fn create(
    global: &Global,
    session: &Session,
    args: &StaticCodeArgs,
) -> Result<Exit, Failure> {
    let request = request(args)?;
    session.announce(global, true)?;
    let (provider, codes) = choose(session, &args.code)?;
    let asked = lookup(session, codes, &args.code);
    let code = match known(codes, &asked).await? {
        Some(code) => code,
        None => {
            let made = codes.create(&request, &asked.order_id).await;
            let next = || get_command(global, provider.as_ref(), &args.code);
            made.map_err(|error| Failure::by_effect(&error, next()))?
        }
    };
    pay_by::write(code.pay_by.as_ref(), args.svg.as_deref(), args.png.as_deref())?;
    print(global, provider, &args.code, &code)
}

async fn get(global: &Global, session: &Session, args: &CollectionArgs) -> Result<Exit, Failure> {
    session.announce(global, false)?;
    let (provider, code) = find(session, args).await?;
    print(global, provider, args, &code)
}

async fn set_status(
    global: &Global,
    session: &Session,
    args: &CollectionArgs,
    status: CodeStatus,
) -> Result<Exit, Failure> {
    session.announce(global, true)?;
    // A provider that cannot be asked for codes may well be told about one.
    let (provider, lookup) = match choose_named(session, args)? {
        Some(found) => found,
        None => find(session, args).await.map(|(provider, code)| (provider, code.lookup))?,
    };
    let codes = role(provider.as_ref())?;
    let set = codes.set_status(&lookup, status).await;
    let next = || get_command(global, provider.as_ref(), args);
    let code = set.map_err(|error| Failure::by_effect(&error, next()))?;
    print(global, provider, args, &code)
}

async fn payments(
    global: &Global,
    session: &Session,
    args: &PaymentsArgs,
) -> Result<Exit, Failure> {
    session.announce(global, false)?;
    let (provider, code) = find(session, &args.code).await?;
    let codes = role(provider.as_ref())?;
    let credits = codes.payments(&code.lookup, args.from, args.to).await;
    let credits = credits.map_err(|error| Failure::call(Exit::CouldNotRun, &error))?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for credit in &credits {
        let observation = &credit.observation;
        let stated = observation.amount.as_ref();
        let amount = stated.and_then(|amount| amount.in_currency(args.code.currency()));
        values.push(json!({
            "provider_reference": observation.provider_reference,
            "amount": amount,
            "status": observation.status.as_str(),
            "terminal": credit.terminal,
            "rail_reference": credit.rail_reference,
        }));
        rows.push(vec![
            observation.provider_reference.as_ref().map_or("-", |r| r.as_str()).to_owned(),
            amount.map_or_else(|| "-".into(), |amount| amount.to_string()),
            observation.status.to_string(),
            credit.terminal.as_ref().map_or("", |terminal| terminal.as_str()).to_owned(),
        ]);
    }
    let environment = provider.merchant_account().environment;
    let mut report = Report::new("tulay.static-code-payments/1", Some(environment))
        .member("reference", args.code.reference.as_str())
        .list("payments", values)
        .table(&["its reference", "amount", "status", "terminal"], rows);
    if credits.is_empty() {
        report = report.line("nothing was paid on it in these days");
    }
    report.print(global.format(), Exit::Done)
}

/// The code, if the provider can be asked for codes and knows it. Where it cannot, its refusal of
/// an order id that was used keeps a second code from being made.
async fn known(codes: &dyn QrCodes, lookup: &Lookup) -> Result<Option<StaticCode>, Failure> {
    match codes.find(lookup).await {
        Ok(Found::Found(code)) => Ok(Some(code)),
        Ok(Found::Absent(_)) => Ok(None),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(Failure::call(Exit::CouldNotRun, &error).unsent()),
    }
}

/// The code, at whichever provider knows it.
async fn find<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<(&'s Arc<dyn Provider>, StaticCode), Failure> {
    let (mut asked, mut failed) = (Vec::new(), None);
    for provider in session.tulay.providers() {
        let named = args.provider.as_ref().is_none_or(|id| id == provider.id());
        let Some(codes) = provider.roles().qr_codes.filter(|_| named) else { continue };
        asked.push(provider.id().as_str());
        match codes.find(&lookup(session, codes, args)).await {
            Ok(Found::Found(code)) => return Ok((provider, code)),
            Ok(Found::Absent(_)) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    match (failed, asked.is_empty()) {
        (Some(error), _) => Err(Failure::call(Exit::CouldNotRun, &error)),
        (None, true) => Err(Failure::usage("provider", "no provider here makes static codes")),
        (None, false) => Err(Failure::not_found(format!(
            "no static code {} is known at {}; that is no proof that there is none",
            args.reference,
            asked.join(", ")
        ))),
    }
}

/// Where a code is, and what it is asked by.
type Place<'s> = (&'s Arc<dyn Provider>, Lookup);

/// The provider that is named, or the only one that makes codes, with what the code is asked by.
fn choose_named<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<Option<Place<'s>>, Failure> {
    let makes_codes = session.tulay.providers().filter(|p| p.roles().qr_codes.is_some());
    let provider = match (&args.provider, makes_codes.collect::<Vec<_>>().as_slice()) {
        (Some(_), _) => session.provider(args.provider.as_ref())?,
        (None, [only]) => *only,
        (None, _) => return Ok(None),
    };
    let codes = role(provider.as_ref())?;
    Ok(Some((provider, lookup(session, codes, args))))
}

fn choose<'s>(
    session: &'s Session,
    args: &CollectionArgs,
) -> Result<(&'s Arc<dyn Provider>, &'s dyn QrCodes), Failure> {
    let provider = match &args.provider {
        Some(_) => session.provider(args.provider.as_ref())?,
        None => {
            let (country, currency) = (args.country, args.currency());
            let channel = args.method.channel();
            let mut payment = Payment::new(Operation::Code, country, currency, channel);
            payment.institution = args.institution.as_ref();
            let plan = session.tulay.plan(&payment);
            plan.first().map_err(|error| Failure::usage("route", error.to_string()))?.provider
        }
    };
    Ok((provider, role(provider.as_ref())?))
}

fn role(provider: &dyn Provider) -> Result<&dyn QrCodes, Failure> {
    provider.qr_codes().map_err(|error| Failure::call(Exit::Usage, &error))
}

fn lookup(session: &Session, codes: &dyn QrCodes, args: &CollectionArgs) -> Lookup {
    let (rules, namespace) = (codes.capability().ids, session.tulay.namespace());
    let order_id = OrderId::derive(rules, namespace, Operation::Code, &args.reference, 1);
    let mut lookup = Lookup::new(order_id, args.country, args.currency(), args.method.channel());
    lookup.institution.clone_from(&args.institution);
    lookup.terminal.clone_from(&args.terminal);
    lookup
}

fn request(args: &StaticCodeArgs) -> Result<CodeRequest, Failure> {
    let given = &args.code;
    let method = match (given.method, &given.institution) {
        (CollectionMethod::Qr, _) => Method::Qr,
        (CollectionMethod::VirtualAccount, Some(id)) => Method::VirtualAccount(id.clone()),
        (CollectionMethod::Redirect, Some(id)) => Method::Redirect(id.clone()),
        (_, None) => return Err(Failure::usage("institution", "expected --institution ID")),
    };
    let reference = given.reference.clone();
    let mut request = CodeRequest::new(reference, given.country, given.currency(), method);
    if let Some(file) = &args.holder {
        request.holder = read_party(&crate::keys::read(file)?, given.country)
            .map_err(|bad| Failure::bad_lines(&[bad]))?;
    }
    request.terminal.clone_from(&given.terminal);
    request.display_name.clone_from(&args.display_name);
    request.remark.clone_from(&args.remark);
    Ok(request)
}

fn print(
    global: &Global,
    provider: &Arc<dyn Provider>,
    args: &CollectionArgs,
    code: &StaticCode,
) -> Result<Exit, Failure> {
    let reference = code.lookup.provider_reference.as_ref().map_or("-", |r| r.as_str());
    let row = vec![
        args.reference.to_string(),
        provider.id().to_string(),
        reference.to_owned(),
        code.status.to_string(),
    ];
    let environment = provider.merchant_account().environment;
    let report = Report::new("tulay.static-code/1", Some(environment))
        .member("reference", args.reference.as_str())
        .member("provider", provider.id().as_str())
        .member("provider_reference", json!(code.lookup.provider_reference))
        .member("order_id", json!(code.lookup.order_id))
        .member("status", code.status.as_str())
        .table(&["reference", "provider", "its reference", "status"], vec![row]);
    pay_by::show(report, code.pay_by.as_ref())?.print(global.format(), Exit::Done)
}

fn get_command(global: &Global, provider: &dyn Provider, args: &CollectionArgs) -> String {
    let config = global.config.as_ref().map(|file| format!(" --config {}", file.display()));
    format!(
        "tulay static-code get {} --provider {} --country {}{}",
        args.reference,
        provider.id(),
        args.country,
        config.unwrap_or_default()
    )
}

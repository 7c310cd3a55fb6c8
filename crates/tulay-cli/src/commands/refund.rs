//! `tulay refund create | get`

mod left;
mod original;

use super::tracked;
use crate::{
    args::{GetRefundArgs, Global, OriginalArgs, RefundArgs, RefundCommand},
    error::CliError,
    exit::Exit,
    json_file, next_command,
    session::Session,
    track::{Progress, Tracked, Tracker},
};
use original::Original;
use std::time::Duration;
use tulay::{
    Builder, Lookup, Provider, ProviderExt, Reference, RefundRequest, Refundable,
    json::RefundJson,
    text::{self, AmountFormat},
};

pub(crate) async fn run(
    global: &Global,
    command: &RefundCommand,
    builder: Builder,
) -> Result<Exit, CliError> {
    match command {
        RefundCommand::Create(args) => create(global, args, builder).await,
        RefundCommand::Get(args) => get(global, args, builder).await,
    }
}

async fn create(global: &Global, given: &RefundArgs, builder: Builder) -> Result<Exit, CliError> {
    global.under_way.prepares();
    let session = Session::open(global, builder).await?;
    let written = given.file.as_deref().map(|file| {
        let written = json_file::read("refund", file)?;
        given.with_file(&written).map_err(|errors| CliError::request("refund", &errors))
    });
    let written = written.transpose()?;
    let args = written.as_ref().unwrap_or(given);
    let Some(reference) = &args.reference else {
        return Err(CliError::usage("reference", "a refund requires a reference of its own"));
    };
    let invalid = |error| CliError::invalid("arguments", &error);
    let reference = &text::reference(reference.as_str()).map_err(invalid)?;
    let money = |field, text: &Option<String>| {
        let read = |text| text::amount(text, args.of.currency(), AmountFormat::Plain);
        let money = text.as_deref().map(read).transpose();
        money.map_err(|error| invalid(error.with_field(field)))
    };
    let paid = money("paid", &args.paid)?;
    let amount = money("amount", &args.amount)?;
    let reason = args.reason.as_ref().map(|reason| text::line("reason", reason)).transpose();
    let reason = reason.map_err(invalid)?;
    session.announce(global, true)?;

    let original = Original::seek(&session, &args.of, reference).await?;
    original.must_be_paid()?;
    let tracker = tracker(original.provider, args.wait.duration())?;
    let tracker = tracker.beginning_here(global.sandbox());
    tracker.must_be_repeatable()?;
    let namespace = session.tulay.namespace();
    let paid = original.paid.or(paid).ok_or_else(|| {
        CliError::usage("paid", "the provider does not report the paid amount; pass --paid AMOUNT")
    })?;
    let order_id = tracker.order_id(namespace, reference);
    let refundable = left::ask(&original, paid, &order_id).await?;
    if amount.is_none() && refundable.left().is_none() && refundable.own().is_none() {
        let id = original.provider.id();
        global.say(&format!(
            "{id} does not list the refunds of this payment: all that was paid is requested"
        ));
    }
    let amount = left::amount(&refundable, amount)?;
    let mut request = RefundRequest::new(reference.clone(), original.lookup.clone(), paid, amount);
    request.paid_at = original.paid_at;
    request.reason = reason;
    let again = get_command(global, reference, original.provider, &args.of, tracker.longer());
    let progress = |progress, _: &_| match progress {
        Progress::Sends => global.under_way.sends("refund", again.clone()),
        Progress::Follows => global.under_way.follows(again.clone()),
    };
    let tracked = tracker.refund(namespace, &request, progress).await?;
    print(global, &original, Some(&refundable), &tracked, again)
}

async fn get(global: &Global, args: &GetRefundArgs, builder: Builder) -> Result<Exit, CliError> {
    let session = Session::open(global, builder).await?;
    session.announce(global, false)?;
    let original = Original::seek(&session, &args.of, &args.reference).await?;
    let tracker = tracker(original.provider, args.wait.duration())?;
    let lookup = |id| {
        let paid = &original.lookup;
        let mut lookup = Lookup::new(id, paid.country, paid.currency, paid.channel);
        lookup.institution.clone_from(&paid.institution);
        lookup.original.clone_from(&paid.provider_reference);
        lookup.payment.clone_from(&paid.payment);
        lookup.provider_reference.clone_from(&args.provider_reference);
        lookup
    };
    if args.provider_reference.is_none() && !tracker.looks_up_by_order_id() {
        let message = next_command::by_own_id("refund", &[original.provider.id().as_str()]);
        return Err(CliError::usage("provider_reference", message));
    }
    let seen = tracker.look(session.tulay.namespace(), &args.reference, lookup).await?;
    let Some((tracked, refund)) = seen else {
        return Err(CliError::not_found(format!(
            "no refund {} of that payment is known at {}; this does not prove that there is none. \
             The same create is safe to run again, as long as reference, payment and configuration \
             are the same",
            args.reference,
            original.provider.id()
        )));
    };
    let wait = tracker.longer();
    let tracked = tracker.follow_on(tracked, refund).await;
    let again = get_command(global, &args.reference, original.provider, &args.of, wait);
    let refundable = match original.paid {
        Some(paid) => left::ask(&original, paid, &tracked.lookup.order_id).await.ok(),
        None => None,
    };
    print(global, &original, refundable.as_ref(), &tracked, again)
}

fn tracker(provider: &dyn Provider, wait: Duration) -> Result<Tracker<'_>, CliError> {
    let refunds = provider.refunds();
    let refunds = refunds.map_err(|error| CliError::call(provider.id(), Exit::Usage, &error))?;
    Ok(Tracker::new(provider, refunds, wait))
}

fn print(
    global: &Global,
    original: &Original<'_>,
    refundable: Option<&Refundable>,
    tracked: &Tracked,
    again: Option<String>,
) -> Result<Exit, CliError> {
    let environment = original.provider.merchant_account().environment;
    let result = RefundJson {
        order: tracked.to_json(),
        original: original.lookup.provider_reference.clone(),
        collection: original.collection.clone(),
        paid: refundable.map(Refundable::paid),
        left: refundable.and_then(|refundable| left::after(refundable, tracked)),
    };
    let mut report = tracked::report("tulay.refund/1", Some(environment), tracked).result(&result);
    if let Some((paid, left)) = result.paid.zip(result.left) {
        report = report.line(format!("left to refund: {left} of {paid}"));
    }
    tracked::print(global, report, tracked, again)
}

/// What to run to ask for this refund.
fn get_command(
    global: &Global,
    reference: &Reference,
    provider: &dyn Provider,
    of: &OriginalArgs,
    wait: Option<Duration>,
) -> Option<String> {
    let options = [
        ("collection", of.collection.as_ref().map(ToString::to_string)),
        ("original", of.original.as_ref().map(ToString::to_string)),
        ("provider", Some(provider.id().to_string())),
        ("country", Some(of.country().to_string())),
        ("currency", Some(of.currency().to_string())),
        ("method", Some(of.method().as_str().to_owned())),
        ("institution", of.institution.as_ref().map(ToString::to_string)),
        ("wait", wait.map(|wait| format!("{}s", wait.as_secs()))),
    ];
    next_command::command(global, "refund get", reference, &options)
}

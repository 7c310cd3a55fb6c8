//! `tulay review show`

use super::super::payout::{opened::open, show, timeline};
use crate::{
    args::{Global, ReviewedArgs},
    error::CliError,
    exit::Exit,
    report::Report,
};
use serde_json::{Value, json};
use tulay::{
    Builder,
    journal::{Answer, Question, Resolution},
};

pub(super) async fn run(
    global: &Global,
    args: &ReviewedArgs,
    builder: Builder,
) -> Result<Exit, CliError> {
    let session = open(global, builder, false).await?;
    let case = session.reviews(args.operation).show(&args.reference).await?;
    let mut attempts = case.answers.iter().map(|answer| answer.attempt);
    let first = attempts.next();
    let has_many = attempts.any(|attempt| Some(attempt) != first);
    let report = Report::new("tulay.review/1", session.environment())
        .member("payment", serde_json::to_value(&case.payment).unwrap_or_default())
        .member("missing", case.missing.iter().map(question).collect::<Vec<_>>())
        .member("answers", case.answers.iter().map(answer).collect::<Vec<_>>())
        .list("events", timeline::values(&session, &case.timeline))
        .table(&timeline::HEADER, timeline::rows(&session, &case.timeline))
        .line(String::new())
        .line(case.payment.to_string());
    let lines = show::reviews(&case.payment).chain(case.missing.iter().map(ToString::to_string));
    let report = lines.fold(report, Report::line);
    let answers = case.answers.iter().map(|answer| outcome(answer, has_many));
    answers.fold(report, Report::line).print(global.format(), Exit::Done)
}

/// `if --not-executed is stated: failed`.
fn outcome(answer: &Answer, has_many: bool) -> String {
    let option = option(answer.resolution);
    let attempt = if has_many { format!(" --attempt {}", answer.attempt) } else { String::new() };
    let reasons: Vec<&str> = answer.reviews.iter().map(|reason| reason.as_str()).collect();
    let reviews = match reasons.is_empty() {
        true => String::new(),
        false => format!(", with the review {}", reasons.join(", ")),
    };
    let after = match answer.is_refused {
        true => "it is refused, since it changes nothing".into(),
        false => format!("{}{reviews}", answer.status.as_str().replace('_', " ")),
    };
    let from = answer.not_before.map(|from| format!(" (possible from {from:.0})"));
    format!("if {option}{attempt} is stated: {after}{}", from.unwrap_or_default())
}

const fn option(resolution: Resolution) -> &'static str {
    match resolution {
        Resolution::Paid => "--paid",
        Resolution::NotExecuted => "--not-executed",
        Resolution::CameBack => "--came-back",
        _ => "another resolution",
    }
}

fn question(question: &Question) -> Value {
    let order = question.order.as_ref();
    json!({
        "attempt": order.map(|order| order.attempt),
        "provider": order.and_then(|order| order.provider.as_ref()),
        "account": order.map(|order| order.account.masked().to_string()),
        "order_id": order.map(|order| order.order_id.as_str()),
        "provider_reference": order.and_then(|order| order.provider_reference.as_ref()),
        "question": question.text,
    })
}

fn answer(answer: &Answer) -> Value {
    json!({
        "resolution": answer.resolution.as_str(),
        "attempt": answer.attempt,
        "not_before": answer.not_before,
        "status": answer.status.as_str(),
        "review": answer.reviews,
        "refused": answer.is_refused,
    })
}

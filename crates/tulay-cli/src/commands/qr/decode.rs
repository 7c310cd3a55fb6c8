//! `tulay qr decode`

use super::tree;
use crate::{
    args::{DecodeArgs, Global},
    error::CliError,
    exit::Exit,
    report::Report,
};
use serde_json::Value;
use tulay_qr::{Content, Inspection, ends_with_right_crc, inspect, inspect_leniently};

pub(crate) fn run(global: &Global, args: &DecodeArgs) -> Result<Exit, CliError> {
    let text = super::text(&args.payload)?;
    let seen = if args.lenient { inspect_leniently(&text) } else { inspect(&text) };
    let mut report = Report::new("tulay.qr-decode/1", None);
    let document = serde_json::to_value(&seen);
    let Ok(Value::Object(members)) = document else {
        return Err(CliError::could_not_run("output", "the code cannot be written as JSON"));
    };
    for (name, value) in members {
        report = report.member(&name, value);
    }
    for line in lines(&seen) {
        report = report.line(line);
    }
    let exit = if seen.is_valid() { Exit::Done } else { Exit::NotVerified };
    report.print(global.format(), exit)
}

fn lines(seen: &Inspection<'_>) -> Vec<String> {
    let mut lines = vec![headline(seen)];
    if let Some(lookalike) = seen.lookalike {
        lines.push(format!("it is {lookalike}"));
    }
    if !seen.is_valid() && ends_with_right_crc(seen.text) {
        lines.push("the CRC is right: nothing was misread, its author wrote it so".to_owned());
    }
    for leniency in &seen.leniencies {
        lines.push(format!("overlooked: {leniency}"));
    }
    match seen.content {
        Some(Content::Sbp(link)) => {
            let sum = link.sum().map(|sum| format!("{}.{:02} RUB", sum / 100, sum % 100));
            for (name, value) in [
                ("code", Some(link.id().to_owned())),
                ("bank", link.bank().map(str::to_owned)),
                ("sum", sum),
                ("crc", link.crc().map(str::to_owned)),
            ] {
                lines.extend(value.map(|value| format!("  {name:<6}{value}")));
            }
            lines.extend(seen.findings.errors.iter().map(|error| format!("error: {error}")));
            lines.extend(seen.findings.warnings.iter().map(|warning| format!("note: {warning}")));
        }
        _ => lines.extend(tree::lines(seen)),
    }
    lines
}

/// `valid · QR Ph · payment to a merchant · static · PHP 250.00`
fn headline(seen: &Inspection<'_>) -> String {
    let mut said = vec![if seen.is_valid() { "valid" } else { "not valid" }.to_owned()];
    said.push(seen.scheme().to_string());
    match seen.content {
        Some(Content::Payload(payload)) => {
            said.push(payload.kind().to_string());
            said.extend(payload.initiation().map(|initiation| initiation.to_string()));
            let amount = payload.amount().zip(payload.currency());
            said.extend(amount.map(|(amount, currency)| format!("{currency} {}", amount.text())));
        }
        Some(Content::Sbp(link)) => {
            said.extend(link.initiation().map(|initiation| initiation.to_string()));
        }
        _ => {}
    }
    said.join(" · ")
}

//! `tulay qr decode`

use super::{read::Source, text, tree};
use crate::{
    args::{DecodeArgs, Global},
    error::CliError,
    exit::Exit,
    report::Report,
};
use serde_json::Value;
use tulay_qr::{Content, Inspection, ends_with_right_crc, whole_crc};

/// More errors than these say nothing new.
const MOST_ERRORS: usize = 20;

pub(crate) fn run(global: &Global, args: &DecodeArgs) -> Result<Exit, CliError> {
    let source = Source::new(text::of(&args.code)?, args.lenient);
    let seen = source.inspect();
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
    if !seen.is_valid() && source.is_read_leniently() {
        report = report.line("--lenient reads it");
    }
    if !seen.is_code()
        && let Some(hint) = text::file_of_that_name(&args.code)
    {
        report = report.line(hint);
    }
    let exit = if seen.is_valid() { Exit::Done } else { Exit::NotVerified };
    report.print(global.format(), exit)
}

fn lines(seen: &Inspection<'_>) -> Vec<String> {
    let mut lines = vec![headline(seen)];
    if let Some(lookalike) = seen.lookalike {
        lines.push(format!("it is {lookalike}"));
        return lines;
    }
    if !seen.is_valid() && ends_with_right_crc(seen.text) {
        lines.push("the CRC is right: nothing was misread, its author wrote it so".to_owned());
    }
    if let Some(crc) = whole_crc(seen.text).filter(|_| !seen.is_valid()) {
        lines.push(format!("with its leading 0 the CRC is {crc}"));
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
            ] {
                lines.extend(value.map(|value| format!("  {name:<6}{value}")));
            }
            // Not checked for its form: a wrong one may be of any length.
            let crc = link.crc().filter(|crc| crc.len() <= 8);
            lines.extend(crc.map(|crc| format!("  {:<6}{crc}", "crc")));
            lines.extend(findings(seen));
        }
        _ if seen.is_code() => lines.extend(tree::lines(seen)),
        _ => lines.extend(findings(seen)),
    }
    lines
}

/// What is wrong and what is unusual, in the order in which it stands.
fn findings(seen: &Inspection<'_>) -> Vec<String> {
    let mut errors = seen.findings.errors.clone();
    errors.sort_by_key(|error| error.offset);
    let more = errors.len().saturating_sub(MOST_ERRORS);
    let errors = errors.iter().take(MOST_ERRORS).map(|error| format!("error: {error}"));
    let warnings = seen.findings.warnings.iter().map(|warning| format!("note: {warning}"));
    let more = (more > 0).then(|| format!("and {more} errors more"));
    errors.chain(more).chain(warnings).collect()
}

/// `valid · QR Ph · payment to a merchant · static · PHP 250.00`
fn headline(seen: &Inspection<'_>) -> String {
    let link = seen.scheme() == tulay_qr::Scheme::Sbp;
    if !link && !seen.is_code() {
        return "not a payment code".to_owned();
    }
    let mut parts = vec![if seen.is_valid() { "valid" } else { "not valid" }.to_owned()];
    parts.push(seen.scheme().to_string());
    match seen.content {
        Some(Content::Payload(payload)) => {
            parts.push(payload.kind().to_string());
            parts.extend(payload.initiation().map(|initiation| initiation.to_string()));
            let amount = payload.amount().zip(payload.currency());
            parts.extend(amount.map(|(amount, currency)| format!("{currency} {}", amount.text())));
        }
        Some(Content::Sbp(link)) => {
            parts.extend(link.initiation().map(|initiation| initiation.to_string()));
        }
        _ => {}
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tulay_qr::{inspect, inspect_leniently};

    fn texts() -> Vec<String> {
        let vectors: Vec<Value> =
            serde_json::from_str(include_str!("../../../../tulay-qr/tests/qr.json")).unwrap();
        vectors.iter().map(|vector| vector["payload"].as_str().unwrap().to_owned()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_line_is_long(
            text in prop::sample::select(texts()),
            at in any::<prop::sample::Index>(),
            put in "[ -~]{0,3}|\\PC{1,60}|[0-9]{1,9}|\n",
            cut in any::<bool>(),
            times in 1..40_usize,
        ) {
            let at = at.index(text.chars().count() + 1);
            let front: String = text.chars().take(at).collect();
            let back: String = text.chars().skip(at).collect();
            let back = if cut { String::new() } else { back };
            let text = format!("{front}{}{back}", put.repeat(times));
            for seen in [inspect(&text), inspect_leniently(&text)] {
                for line in lines(&seen) {
                    prop_assert!(line.chars().count() <= 300, "{line}");
                }
            }
        }
    }

    #[test]
    fn the_worst_text_within_the_capacity_is_shown() {
        for part in ["59011", "62080104abcd", "9905\u{1}abcd"] {
            let text: String = "000201".chars().chain(part.chars().cycle().take(4290)).collect();
            assert!(lines(&inspect(&text)).len() > 300, "{part}");
        }
    }
}

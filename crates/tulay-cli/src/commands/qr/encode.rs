//! `tulay qr encode`

use super::parts::{self, Parts};
use crate::{
    args::{EncodeArgs, Global},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
};
use serde_json::{Value, json};
use tulay::{Currency, text};
use tulay_qr::{Edited, Payload, PointOfInitiation, inspect};

pub(crate) fn run(global: &Global, args: &EncodeArgs) -> Result<Exit, CliError> {
    let mut warnings: Vec<Value> = Vec::new();
    let text = match (&args.from, &args.file) {
        (Some(from), _) => {
            let edited = edit(&super::text(from)?, args)?;
            for warning in &edited.warnings {
                global.say(&format!("note: {warning}"));
                warnings.push(json!({ "warning": warning.name(), "path": "82" }));
            }
            for leniency in &edited.corrected {
                global.say(&format!("corrected: {leniency}"));
            }
            edited.text
        }
        (None, Some(file)) => Parts::read(&keys::read(file)?)?.build()?,
        (None, None) => return Err(CliError::usage("payload", "give the parts, or --from a code")),
    };
    let seen = inspect(&text);
    if !seen.is_valid() {
        let errors: Vec<_> = seen.findings.errors.iter().map(ToString::to_string).collect();
        let message = format!("the code would not be valid: {}", errors.join("; "));
        return Err(CliError::usage("payload", message));
    }
    for warning in &seen.findings.warnings {
        global.say(&format!("note: {warning}"));
        warnings.extend(serde_json::to_value(warning));
    }
    Report::new("tulay.qr-encode/1", None)
        .member("payload", text.as_str())
        .member("scheme", seen.scheme().name())
        .member("warnings", warnings)
        .line(text.as_str())
        .print(global.format(), Exit::Done)
}

fn edit(text: &str, args: &EncodeArgs) -> Result<Edited, CliError> {
    let unreadable = |error: tulay_qr::Error| {
        let failure = CliError::unverified("payload", error.to_string());
        failure.next("tulay qr decode PAYLOAD")
    };
    let payload = if args.lenient {
        Payload::parse_leniently(text).map_err(unreadable)?.payload
    } else {
        Payload::parse(text).map_err(unreadable)?
    };
    let initiation =
        if args.keep_initiation { PointOfInitiation::Keep } else { PointOfInitiation::Dynamic };
    let mut editor = payload.edit();
    if args.clear_amount {
        // A code that asks for the amount is no code for one payment any more, unless it says so.
        editor = editor.clear_amount(PointOfInitiation::Keep);
    }
    if let Some(amount) = &args.amount {
        let code = payload.currency().and_then(tulay_qr::Currency::letters);
        let currency = code.and_then(|code| Currency::new(code).ok());
        let amount = text::plain_amount(amount, currency, text::AmountFormat::Plain)
            .map_err(|error| CliError::invalid("arguments", &error))?;
        editor = editor.set_amount(&amount, initiation).map_err(|error| parts::refused(&error))?;
    }
    if let Some(reference) = &args.reference {
        editor =
            editor.set_reference(reference, initiation).map_err(|error| parts::refused(&error))?;
    }
    Ok(editor.finish())
}

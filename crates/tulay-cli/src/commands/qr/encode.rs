//! `tulay qr encode`

use super::{
    parts::{self, Parts},
    read::{Source, not_valid},
    text,
};
use crate::{
    args::{EncodeArgs, Global},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
};
use serde_json::{Value, json};
use tulay::{
    Currency,
    text::{AmountFormat, plain_amount},
};
use tulay_qr::{Content, Edited, PointOfInitiation, inspect};

pub(crate) fn run(global: &Global, args: &EncodeArgs) -> Result<Exit, CliError> {
    let mut warnings: Vec<Value> = Vec::new();
    let from = match (&args.from, &args.from_file) {
        (Some(from), _) => Some(text::text_or_input(from)?),
        (None, Some(file)) => Some(text::of_file(file)?),
        (None, None) => None,
    };
    let text = match (from, &args.file) {
        (Some(from), _) => {
            let source = Source::new(from, args.lenient);
            let edited = edit(&source, args)?;
            for warning in &edited.warnings {
                global.say(&format!("note: {warning}"));
                warnings.push(json!({ "warning": warning.name(), "path": "82" }));
            }
            for leniency in source.repairs().iter().chain(&edited.corrected) {
                global.say(&format!("corrected: {leniency}"));
            }
            edited.text
        }
        (None, Some(file)) => Parts::read(&keys::read(file)?)?.build()?,
        (None, None) => return Err(CliError::usage("payload", "give the parts, or --from a code")),
    };
    let seen = inspect(&text);
    if let Some(message) = not_valid(&seen) {
        return Err(CliError::usage("payload", message).about("as given,"));
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

/// Changes a code that is valid. The CRC is made anew: it would make any other code look genuine.
fn edit(source: &Source, args: &EncodeArgs) -> Result<Edited, CliError> {
    let seen = source.inspect();
    if let Some(message) = not_valid(&seen) {
        let failure = CliError::unverified("payload", format!("{message}; it was not changed"));
        return Err(failure.next("tulay qr decode PAYLOAD"));
    }
    let Some(Content::Payload(payload)) = seen.content else {
        let message = "a link of SBP is issued by the bank and cannot be changed here";
        return Err(CliError::usage("payload", message));
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
        let amount = plain_amount(amount, currency, AmountFormat::Plain)
            .map_err(|error| CliError::invalid("arguments", &error))?;
        editor = editor.set_amount(&amount, initiation).map_err(|error| parts::refused(&error))?;
    }
    if let Some(reference) = &args.reference {
        editor =
            editor.set_reference(reference, initiation).map_err(|error| parts::refused(&error))?;
    }
    Ok(editor.finish())
}

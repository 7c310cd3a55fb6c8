//! `tulay verify`

use crate::{
    args::{Global, VerifyArgs},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
};
use std::{borrow::Cow, path::Path};
use tulay_crypto::{PublicKey, RsaVerifier, Signature, SignatureTextError, Verifier, VerifyError};

/// A shorter text that cannot be read is no signature, but the name of a file, or something else.
const SHORTEST: usize = 100;

pub(crate) fn run(global: &Global, args: &VerifyArgs) -> Result<Exit, CliError> {
    let key = PublicKey::parse(&keys::read_key(&args.key)?).map_err(|e| keys::refused(&e))?;
    let verifier = RsaVerifier::new(&key).map_err(|error| keys::refused(&error))?;
    let signature = signature(args)?;
    let message = keys::read(&args.file)?;
    let verdict = match signature {
        Ok(signature) => verify(&verifier, &message, &signature),
        Err(error) => Err(error.to_string()),
    };
    let report = Report::new("tulay.verify/1", None).member("verified", verdict.is_ok());
    match verdict {
        Ok(()) => report.line("verified").print(global.format(), Exit::Done),
        Err(reason) if global.format().is_json() => {
            report.member("reason", reason).print(global.format(), Exit::NotVerified)
        }
        Err(reason) => Err(CliError::not_verified(reason)),
    }
}

/// The signature given: as an argument it is text, never the name of a file.
fn signature(args: &VerifyArgs) -> Result<Result<Signature, SignatureTextError>, CliError> {
    let input = Path::new("-");
    let file = match (args.signature.as_deref(), &args.signature_file) {
        (Some("-"), _) => input,
        (Some(text), _) => {
            let read = Signature::read(text.as_bytes());
            if read.is_ok() || text.len() >= SHORTEST || text.contains("-----") {
                return Ok(read);
            }
            let message = "expected a signature in base64 (344 characters for a key of 2048 bits); \
                           --signature-file reads one from a file";
            return Err(CliError::usage("signature", message));
        }
        (None, Some(file)) => file,
        (None, None) => return Err(CliError::usage("signature", "give --signature")),
    };
    if file == input && args.file == input {
        let message = "the signature and the message cannot both come from standard input";
        return Err(CliError::usage("signature", message));
    }
    Ok(Signature::read(&keys::read(file)?))
}

/// Verifies, and where that fails looks whether the message was changed on its way to this command.
fn verify(verifier: &RsaVerifier, message: &[u8], signature: &Signature) -> Result<(), String> {
    let verdict = verifier.verify(message, signature);
    let reason = match verdict {
        Ok(()) => return Ok(()),
        Err(VerifyError::Mismatch) => VerifyError::Mismatch.to_string(),
        Err(error) => return Err(error.to_string()),
    };
    let would = variants(message).into_iter();
    let mut would = would.filter(|(_, other)| verifier.verify(other, signature).is_ok());
    Err(match would.next() {
        Some((how, _)) => {
            format!("{reason}; the same bytes {how} verify: verify exactly what was signed")
        }
        None => reason,
    })
}

/// What editors, shells and transfers do to a message.
fn variants(message: &[u8]) -> Vec<(&'static str, Cow<'_, [u8]>)> {
    let mut variants: Vec<(&'static str, Cow<'_, [u8]>)> = Vec::new();
    let mut without = |how, part: Option<&'_ [u8]>| {
        variants.extend(part.map(|part| (how, Cow::Owned(part.to_vec()))));
    };
    without("without the line feed at their end", message.strip_suffix(b"\n"));
    without("without the line end (CR LF) at their end", message.strip_suffix(b"\r\n"));
    without("without the byte order mark", message.strip_prefix(b"\xEF\xBB\xBF"));
    let with = |end: &[u8]| Cow::Owned([message, end].concat());
    variants.push(("with a line feed at their end", with(b"\n")));
    variants.push(("with a line end (CR LF) at their end", with(b"\r\n")));
    if let Ok(text) = std::str::from_utf8(message) {
        let unix = text.replace("\r\n", "\n");
        variants.push(("with line ends of CR LF", unix.replace('\n', "\r\n").into_bytes().into()));
        variants.push(("with line ends of LF", unix.into_bytes().into()));
    }
    variants
}

//! `tulay verify`

use crate::{
    args::{Global, VerifyArgs},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
};
use std::path::Path;
use tulay_crypto::{Base64Error, PublicKey, RsaVerifier, Signature, Verifier};

pub(crate) fn run(global: &Global, args: &VerifyArgs) -> Result<Exit, CliError> {
    let key = PublicKey::parse(&keys::read(&args.key)?).map_err(|e| keys::refused(&e))?;
    let verifier = RsaVerifier::new(&key).map_err(|error| keys::refused(&error))?;
    let message = keys::read(&args.file)?;
    let verdict = match signature(&args.signature)? {
        Ok(signature) => verifier.verify(&message, &signature).map_err(|error| error.to_string()),
        Err(error) => Err(format!("the signature is {error}")),
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

/// The signature given as base64, or the one in the file given: base64 or bytes.
fn signature(given: &str) -> Result<Result<Signature, Base64Error>, CliError> {
    let path = Path::new(given);
    if !path.is_file() {
        let signature = Signature::from_base64(given);
        // No signature is as short: it was to be a file.
        if signature.is_err() && given.len() < 100 {
            let message = "expected a signature in base64, or a file that holds one";
            return Err(CliError::usage("signature", message));
        }
        return Ok(signature);
    }
    let bytes = keys::read(path)?;
    let text = std::str::from_utf8(&bytes).map(str::trim_end).unwrap_or_default();
    Ok(Ok(match Signature::from_base64(text) {
        Ok(signature) if !text.is_empty() => signature,
        _ => Signature::from_bytes(bytes.to_vec()),
    }))
}

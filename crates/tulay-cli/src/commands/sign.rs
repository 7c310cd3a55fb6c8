//! `tulay sign`

use crate::{
    args::{Global, SignArgs},
    error::CliError,
    exit::Exit,
    keys,
    report::Report,
};
use std::io::Write;
use tulay_crypto::{PrivateKey, RsaSigner};

pub(crate) fn run(global: &Global, args: &SignArgs) -> Result<Exit, CliError> {
    let key = PrivateKey::parse(&keys::read_key(&args.key)?).map_err(|e| keys::refused(&e))?;
    let signer = RsaSigner::new(&key).map_err(|error| keys::refused(&error))?;
    let signature = signer
        .sign_blocking(&keys::read(&args.file)?)
        .map_err(|error| CliError::could_not_run("sign", error.to_string()))?;
    if args.raw {
        return match std::io::stdout().lock().write_all(signature.as_bytes()) {
            Ok(()) => Ok(Exit::Done),
            Err(error) => Err(CliError::could_not_run("output", error.to_string())),
        };
    }
    Report::new("tulay.sign/1", None)
        .member("signature", signature.to_base64())
        .member("algorithm", "SHA256withRSA")
        .member("key_bits", key.bits())
        .line(signature.to_base64())
        .print(global.format(), Exit::Done)
}

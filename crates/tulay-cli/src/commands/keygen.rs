//! `tulay keygen`

use crate::{
    args::{Global, KeygenArgs},
    error::CliError,
    exit::Exit,
    keys::{self, Visibility},
    report::Report,
};
use std::path::PathBuf;

pub(crate) fn run(global: &Global, args: &KeygenArgs) -> Result<Exit, CliError> {
    let named = |ending: &str| PathBuf::from(format!("{}.{ending}", args.out.display()));
    let (private, public) = (named("pem"), named("pub.pem"));
    let (pem, key) = keys::generate(args.bits)?;
    let key = key.public_key();
    keys::write_new(&[
        (private.clone(), &pem, Visibility::Owner),
        (public.clone(), &key.to_spki_pem(), Visibility::Everyone),
    ])?;
    global.say(&format!("{}: keep it secret", private.display()));
    global.say(&format!("{}: upload it to the provider; in one line:", public.display()));
    let base64 = key.to_spki_base64();
    Report::new("tulay.keygen/1", None)
        .member("private_key", private.display().to_string())
        .member("public_key", public.display().to_string())
        .member("public_key_base64", base64.as_str())
        .member("fingerprint", key.fingerprint())
        .member("key_bits", args.bits)
        .line(base64)
        .print(global.format(), Exit::Done)
}

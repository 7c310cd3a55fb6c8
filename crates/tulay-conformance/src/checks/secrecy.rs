//! Personal data and secrets are planted everywhere, and looked for in all that is printed.

use crate::{
    case::{Case, Echo, Seal},
    harness::Harness,
    log::logged,
    outcome::{Outcome, Unmet, ensure},
    platform::{Move, Script},
    stage::Stage,
};
use bytes::Bytes;
use std::{error::Error as _, fmt::Debug, sync::Arc};
use tulay_core::{
    Destination, Error, Name, Party, PayoutRequest, Proxy, RawNotification, Result as CoreResult,
    WalletAccount,
};

/// Words the platform might say, and a code it might make of them.
const WORDS: &str = "Planted Geheim 998877665544";
const CODE: &str = "998877665544";

pub(crate) fn nothing_private_is_printed(harness: &Arc<dyn Harness>) -> Outcome {
    let (printed, planted) = everything_printed(harness)?;
    clean(&printed, &planted)
}

pub(crate) fn nothing_private_is_logged(harness: &Arc<dyn Harness>) -> Outcome {
    let (ran, log) = logged(|| everything_printed(harness));
    let (_, planted) = ran?;
    clean(&log, &planted)
}

fn clean(printed: &str, planted: &[String]) -> Outcome {
    for secret in planted {
        ensure!(
            secret.len() >= 4,
            "too short to be looked for: a planted text of {}",
            secret.len()
        );
        let near = printed.lines().find(|line| line.contains(secret.as_str()));
        ensure!(
            near.is_none(),
            "a planted text is printed: {}",
            near.unwrap_or_default().replace(secret.as_str(), "<PLANTED>")
        );
    }
    Ok(())
}

/// Makes the adapter print all that it can, and says what must not be in it.
fn everything_printed(harness: &Arc<dyn Harness>) -> Result<(String, Vec<String>), Unmet> {
    let stage = Stage::new(harness);
    let mut printed = Printed(String::new());
    let mut planted = harness.planted();
    planted.extend([CODE, "Geheim"].map(str::to_owned));
    printed.debug(&stage.provider);
    printed.debug(&stage.provider.roles());
    for corridor in stage.corridors()? {
        let mut request = harness.request(&corridor);
        planted.extend(private(&request));
        let order = stage.prepared(&request)?;
        printed.debug(&order);
        request.remark = Some(WORDS.repeat(100));
        printed.result(&stage.payouts()?.prepare(&request, &order.lookup.order_id));
        let lookup = stage.lookup_if_offered(&order)?;
        for script in scripts(&stage)? {
            printed.result(&stage.create(&order, script.clone())?.result);
            if let Some(lookup) = &lookup {
                printed.result(&stage.find(lookup, script)?.result);
            }
        }
        let Some(role) = stage.provider.roles().notifications else { continue };
        let about = lookup.unwrap_or_else(|| order.lookup.clone());
        for case in cases(&stage)? {
            let Some(raw) = harness.notification(&about, &case) else { continue };
            let noise = RawNotification::new(raw.target.clone(), raw.headers.clone(), WORDS.into());
            for raw in [raw, noise] {
                printed.debug(&raw);
                match role.open(&raw) {
                    Ok(events) => {
                        printed.debug(&events);
                        events.get().iter().for_each(|event| printed.line(&event.key()));
                    }
                    Err(error) => printed.error(&error),
                }
            }
        }
    }
    for misfit in harness.misfits() {
        planted.extend(private(&misfit.request).into_iter().filter(|text| text.len() >= 6));
        let id = stage.order_id(&misfit.request)?;
        printed.result(&stage.payouts()?.prepare(&misfit.request, &id));
    }
    Ok((printed.0, planted))
}

fn cases(stage: &Stage) -> Result<Vec<Case>, Unmet> {
    let mut cases = vec![
        stage.pending(),
        stage.paid()?,
        stage.paid()?.sealed(Seal::OtherKey),
        stage.paid()?.sealed(Seal::None),
        stage.paid()?.echoing(Echo::OtherAmount),
        stage.paid()?.echoing(Echo::OtherAccount),
        Case::code(CODE),
        Case::code(WORDS),
        Case::absent(),
    ];
    let codes = stage.harness.codes(tulay_core::Operation::Payout);
    cases.extend(codes.into_iter().map(|code| Case::code(code.code)));
    for (word, _) in stage.last_words() {
        cases.extend([Case::order(&word), Case::order(&word).failing_for(CODE)]);
    }
    Ok(cases.into_iter().map(|case| case.in_words(WORDS)).collect())
}

fn scripts(stage: &Stage) -> Result<Vec<Script>, Unmet> {
    let mut scripts: Vec<Script> = cases(stage)?.into_iter().map(Script::all).collect();
    let bodies = [WORDS.to_owned(), format!("{{\"{WORDS}\":\"{WORDS}\"}}"), format!("\"{WORDS}\"")];
    for body in bodies {
        for status in [200, 500] {
            let raw = Move::Raw(status, Bytes::from(body.clone()));
            scripts.push(Script::all(stage.pending()).at(1, raw));
        }
    }
    Ok(scripts)
}

struct Printed(String);

impl Printed {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn debug(&mut self, value: &impl Debug) {
        self.line(&format!("{value:?}"));
        self.line(&format!("{value:#?}"));
    }

    fn result<T: Debug>(&mut self, result: &CoreResult<T>) {
        match result {
            Ok(value) => self.debug(value),
            Err(error) => self.error(error),
        }
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        self.line(&error.to_string());
        self.line(error.field().unwrap_or_default());
        let mut source = error.source();
        while let Some(cause) = source {
            self.line(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
}

/// Every personal text of a request.
fn private(request: &PayoutRequest) -> Vec<String> {
    let mut texts = Vec::new();
    let wallet = |account: &WalletAccount| match account {
        WalletAccount::Phone(phone) => phone.expose().to_owned(),
        WalletAccount::Number(number) => number.expose().to_owned(),
        _ => String::new(),
    };
    match &request.destination {
        Destination::Bank { account, .. } => texts.push(account.expose().to_owned()),
        Destination::Wallet { account, .. } | Destination::ProviderAccount(account) => {
            texts.push(wallet(account));
        }
        Destination::Proxy(Proxy::Phone(phone)) => texts.push(phone.expose().to_owned()),
        Destination::Proxy(Proxy::NationalId(id)) => texts.push(id.expose().to_owned()),
        Destination::Qr(text) => texts.push(text.expose().to_owned()),
        _ => {}
    }
    let Party { name, mobile, email, tax_id, .. } = &request.beneficiary;
    match name {
        Some(Name::Full(name)) => texts.push(name.expose().to_owned()),
        Some(Name::Parts { given, family, .. }) => {
            texts.extend([given, family].map(|part| part.expose().to_owned()));
        }
        _ => {}
    }
    texts.extend(mobile.as_ref().map(|mobile| mobile.expose().to_owned()));
    texts.extend(email.as_ref().map(|email| email.expose().to_owned()));
    texts.extend(tax_id.as_ref().map(|id| id.expose().to_owned()));
    texts.retain(|text| !text.is_empty());
    texts
}

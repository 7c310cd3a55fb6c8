//! Planted personal data and secrets must not occur in anything that is printed or logged.

use crate::{
    case::{Case, Repeats},
    change::Change,
    fixture::Fixture,
    harness::Harness,
    log::logged,
    order::{Kind, Seen},
    outcome::{Outcome, Unmet, ensure},
    platform::{Move, Script, Sent},
    reading::{self, Reading},
    request::Edit,
    seal::Seal,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use bytes::Bytes;
use std::{collections::BTreeSet, error::Error as _, fmt::Debug, sync::Arc};
use tulay_core::{
    CollectionMethod, CollectionRequest, Destination, Error, Found, Name, Party, Proxy, Request,
    Result as CoreResult, StaticCodeRequest, WalletAccount, WebhookRequest,
};

/// A message of the platform, and a code in it.
const WORDS: &str = "Planted Geheim 998877665544";
const CODE: &str = "998877665544";

pub(crate) fn sensitive_data_is_not_printed(harness: &Arc<dyn Harness>) -> Outcome {
    let (printed, planted) = everything_printed(harness)?;
    clean(&printed.headers, &coded(&harness.planted()))?;
    // The name alone says that a secret is in it, whatever its form.
    let authorization = |line: &&str| line.contains("\"authorization\":") && !line.contains(HIDDEN);
    ensure!(
        !printed.headers.lines().any(|line| authorization(&line)),
        "the header `Authorization` is printed: mark its value by `set_sensitive(true)`"
    );
    clean(&printed.text, &planted)
}

pub(crate) fn sensitive_data_is_not_logged(harness: &Arc<dyn Harness>) -> Outcome {
    let (ran, log) = logged(|| everything_printed(harness));
    let (_, planted) = ran?;
    let log = log.ok_or_else(|| {
        Unmet::fails(
            "the suite does not see its own event, and would see no other: `tracing` is switched \
             off by one of its features `max_level_…`",
        )
    })?;
    clean(&log, &planted)
}

/// How a sensitive header value is printed.
const HIDDEN: &str = "\"authorization\": Sensitive";

/// The secrets as headers carry them, beside themselves: in Base64, alone or after another text as
/// in HTTP Basic, and in hexadecimal digits. What depends on the text before or after is left out.
fn coded(planted: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for secret in planted {
        for shift in 0..3 {
            let text = format!("{}{secret}", "?".repeat(shift));
            // Of 4 characters, the last of a text and the first after another one differ.
            let coded = STANDARD_NO_PAD.encode(text.as_bytes());
            let end = text.len() / 3 * 4;
            let core = coded.get(if shift == 0 { 0 } else { 4 }..end).unwrap_or_default();
            all.extend([core.to_owned(), core.replace('+', "-").replace('/', "_")]);
        }
        all.push(secret.bytes().map(|byte| format!("{byte:02x}")).collect());
    }
    // Shorter ones can stand anywhere by chance.
    all.retain(|text| text.len() >= 8);
    all
}

fn clean(printed: &str, planted: &[String]) -> Outcome {
    // Most is printed again and again: each line is searched once, for each text once.
    let lines: BTreeSet<&str> = printed.lines().collect();
    let printed = lines.into_iter().collect::<Vec<_>>().join("\n");
    let planted: BTreeSet<&String> = planted.iter().collect();
    for secret in planted {
        ensure!(
            secret.len() >= 4,
            "too short to be looked for: a planted text of {}",
            secret.len()
        );
        let Some(at) = printed.find(secret.as_str()) else { continue };
        let start = printed[..at].rfind('\n').map_or(0, |before| before + 1);
        let line = printed[start..].lines().next().unwrap_or_default();
        let shown = line.replace(secret.as_str(), "<PLANTED>");
        return Err(Unmet::fails(format!("a planted text is printed: {shown}")));
    }
    Ok(())
}

/// Everything that the adapter can print, and the planted texts that must not be in it.
fn everything_printed(harness: &Arc<dyn Harness>) -> Result<(Printed, Vec<String>), Unmet> {
    let fixture = Fixture::new(harness);
    let mut printed = Printed::default();
    let mut planted = harness.planted();
    ensure!(
        !planted.is_empty() || !takes_secrets(&fixture)?,
        "the harness plants no secrets, but the adapter is made with some: `planted` has to list \
         each, in every form it has"
    );
    planted.extend([CODE, "Geheim"].map(str::to_owned));
    printed.debug(&fixture.provider);
    printed.debug(&fixture.provider.roles());
    for kind in fixture.kinds()? {
        for corridor in fixture.corridors(kind)? {
            let request = fixture.sample(kind, &corridor)?;
            planted.extend(private(&request));
            of_an_order(&fixture, kind, &request, &mut printed)?;
        }
    }
    for change in Change::all(&fixture)? {
        for script in scripts(&fixture, change.kind)? {
            let call = change.make(&fixture, script)?;
            printed.headers(&call.sent);
            printed.seen(&call.result);
        }
    }
    for reading in reading::all(&fixture)? {
        if let Reading::Inspection(text) = &reading {
            planted.push(text.expose().to_owned());
        }
        let link = format!("https://files.example/2026-11-19.csv?key={CODE}");
        let bodies = bodies().into_iter().map(|(status, body)| Move::Raw(status, body));
        let said = [Case::done(), Case::link(link), Case::scanned(Repeats::OtherAmount)];
        let said = said.into_iter().chain([Case::code(CODE), Case::code(WORDS)]);
        let said = said.map(|case| Move::Say(case.in_words(WORDS)));
        for response in said.chain(bodies) {
            let script = Script::all(Case::done()).at(1, response);
            let call = reading::ask(&fixture, &reading, script)?;
            printed.headers(&call.sent);
            match call.result {
                Ok(text) => printed.line(&text),
                Err(error) => printed.error(&error),
            }
        }
    }
    for misfit in harness.misfits() {
        planted.extend(private(&misfit.request).into_iter().filter(|text| text.len() >= 6));
        let asks = misfit.request.operation();
        let Some(kind) = fixture.kinds()?.into_iter().find(|kind| kind.creates() == asks) else {
            continue;
        };
        let first = Script::all(fixture.first(kind)?);
        printed.seen(&fixture.send(kind, &misfit.request, first)?.result);
    }
    Ok((printed, planted))
}

/// All that an order can make it print: refused, sent, looked up, notified.
fn of_an_order(fixture: &Fixture, kind: Kind, request: &Request, printed: &mut Printed) -> Outcome {
    let order = fixture.order_of(kind, request)?;
    printed.debug(&order.prepared);
    let mut wordy = request.clone();
    *wordy.remark().0 = Some(WORDS.repeat(100));
    printed.seen(&fixture.send(kind, &wordy, Script::all(fixture.first(kind)?))?.result);
    let lookup = fixture.lookup_if_offered(&order)?;
    for script in scripts(fixture, kind)? {
        let call = fixture.create(&order, script.clone())?;
        printed.headers(&call.sent);
        printed.seen(&call.result);
        if let Some(lookup) = &lookup {
            let call = fixture.find(kind, lookup, script)?;
            printed.headers(&call.sent);
            match call.result {
                Ok(Found::Found(seen)) => printed.line(&seen.printed),
                Ok(Found::Absent(response)) => printed.debug(&response),
                Err(error) => printed.error(&error),
            }
        }
    }
    let Some(role) = fixture.provider.roles().webhooks else { return Ok(()) };
    let mut about = lookup.unwrap_or_else(|| order.lookup().clone());
    if kind == Kind::StaticCode {
        about.amount = Some(reading::paid(&about));
    }
    let notified = fixture.notified(kind).into_iter();
    let notified = notified.flat_map(|(word, _)| {
        [Case::order(&word), Case::order(&word).failing_for(CODE)].map(|case| case.in_words(WORDS))
    });
    for case in cases(fixture, kind)?.into_iter().chain(notified) {
        let Some(raw) = fixture.harness.notification(&about, &case) else { continue };
        let noise = WebhookRequest::new(raw.target.clone(), raw.headers.clone(), WORDS.into());
        for raw in [raw, noise] {
            printed.debug(&raw);
            match role.open(&raw) {
                Ok(events) => {
                    printed.debug(&events);
                    for event in events.get() {
                        printed.line(&event.key());
                        printed.line(&String::from_utf8_lossy(&event.store()));
                    }
                }
                Err(error) => printed.error(&error),
            }
        }
    }
    Ok(())
}

/// Whether something is signed, or marked as not to be printed.
fn takes_secrets(fixture: &Fixture) -> Result<bool, Unmet> {
    if fixture.harness.requests_signed() || fixture.harness.notifications().is_some() {
        return Ok(true);
    }
    for kind in fixture.kinds()? {
        let call = fixture.create(&fixture.order(kind)?, Script::all(fixture.first(kind)?))?;
        let mut values = call.sent.iter().flat_map(|sent| sent.headers().values());
        if values.any(http::HeaderValue::is_sensitive) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn cases(fixture: &Fixture, kind: Kind) -> Result<Vec<Case>, Unmet> {
    let success = fixture.success(kind)?;
    let mut cases = vec![
        fixture.first(kind)?,
        success.clone(),
        success.clone().sealed(Seal::OtherKey),
        success.clone().sealed(Seal::None),
        success.clone().repeating(Repeats::OtherAmount),
        success.clone().repeating(Repeats::OtherShown),
        success.repeating(Repeats::OtherAccount),
        Case::code(CODE),
        Case::code(WORDS),
        Case::absent(),
    ];
    let codes = fixture.harness.codes(kind.creates());
    cases.extend(codes.into_iter().map(|code| Case::code(code.code)));
    for (word, _) in fixture.last_words(kind)? {
        cases.extend([Case::order(&word), Case::order(&word).failing_for(CODE)]);
    }
    Ok(cases.into_iter().map(|case| case.in_words(WORDS)).collect())
}

fn scripts(fixture: &Fixture, kind: Kind) -> Result<Vec<Script>, Unmet> {
    let mut scripts: Vec<Script> = cases(fixture, kind)?.into_iter().map(Script::all).collect();
    for (status, body) in bodies() {
        scripts.push(Script::all(fixture.first(kind)?).at(1, Move::Raw(status, body)));
    }
    Ok(scripts)
}

/// Responses that are not the provider's.
fn bodies() -> Vec<(u16, Bytes)> {
    let bodies = [WORDS.to_owned(), format!("{{\"{WORDS}\":\"{WORDS}\"}}"), format!("\"{WORDS}\"")];
    let mut all = Vec::new();
    for body in bodies {
        all.extend([200, 500].map(|status| (status, Bytes::from(body.clone()))));
    }
    all
}

#[derive(Default)]
struct Printed {
    text: String,
    /// The headers alone, each request on a line.
    headers: String,
}

impl Printed {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn debug(&mut self, value: &impl Debug) {
        self.line(&format!("{value:?}"));
        self.line(&format!("{value:#?}"));
    }

    /// Headers as `Debug` prints them: values marked as sensitive are left out.
    fn headers(&mut self, sent: &[Sent]) {
        for sent in sent {
            let headers = sent.headers();
            let line = format!("headers, where `set_sensitive` hides a value: {headers:?}");
            self.line(&line);
            self.headers.push_str(&line);
            self.headers.push('\n');
        }
    }

    fn seen(&mut self, result: &CoreResult<Seen>) {
        match result {
            Ok(seen) => self.line(&seen.printed),
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
fn private(request: &Request) -> Vec<String> {
    let mut texts = Vec::new();
    if let Request::Payout(request) = request {
        texts.extend(paid_to(&request.destination));
    }
    let (Request::Collection(CollectionRequest { method, .. })
    | Request::StaticCode(StaticCodeRequest { method, .. })) = request
    else {
        return named(request, texts);
    };
    if let CollectionMethod::WeChat { open_id, .. } = method {
        texts.push(open_id.expose().to_owned());
    }
    named(request, texts)
}

fn paid_to(destination: &Destination) -> Option<String> {
    let wallet = |account: &WalletAccount| match account {
        WalletAccount::Phone(phone) => Some(phone.expose().to_owned()),
        WalletAccount::Number(number) => Some(number.expose().to_owned()),
        _ => None,
    };
    match destination {
        Destination::Bank { account, .. } => Some(account.expose().to_owned()),
        Destination::Wallet { account, .. } | Destination::ProviderAccount(account) => {
            wallet(account)
        }
        Destination::Proxy(Proxy::Phone(phone)) => Some(phone.expose().to_owned()),
        Destination::Proxy(Proxy::NationalId(id)) => Some(id.expose().to_owned()),
        Destination::Qr(text) => Some(text.expose().to_owned()),
        _ => None,
    }
}

fn named(request: &Request, mut texts: Vec<String>) -> Vec<String> {
    let mut request = request.clone();
    if let Some(Party { name, mobile, email, tax_id, .. }) = request.party() {
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
    }
    texts.retain(|text| !text.is_empty());
    texts
}

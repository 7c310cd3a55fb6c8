//! Required, optional and invalid fields; no text is cut.

pub(crate) use super::accounts::accounts_are_sent_verbatim_or_refused;
use crate::{
    checks::ids::readings,
    fixture::{Call, Fixture, each},
    harness::{Harness, Reading},
    order::{Kind, Seen},
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    request::Edit,
};
use jiff::SignedDuration;
use std::sync::Arc;
use tulay_core::{
    Clock, CollectionMethod, Destination, Effect, Error, ErrorKind, Field, InstitutionId, Name,
    NamePart, PartyKind, Request, Sensitive,
};

pub(crate) fn missing_required_fields_are_named(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        for corridor in fixture.corridors(kind)? {
            for field in &corridor.required {
                let sample = fixture.sample(kind, &corridor)?;
                let Some(request) = without(sample, *field) else { continue };
                let call = send(fixture, kind, &request)?;
                ensure!(call.sent.is_empty(), "{field} is required, but may be missing");
                let Err(error) = call.result else {
                    return Err(Unmet::fails(format!("{field} is required, but may be missing")));
                };
                ensure!(
                    (error.kind(), error.effect(), error.field())
                        == (ErrorKind::InvalidRequest, Effect::NotSent, Some(field.as_str())),
                    "{field} is missing, but the error is {}",
                    shown(&error)
                );
            }
        }
        Ok(())
    })
}

pub(crate) fn optional_fields_may_be_missing(harness: &Arc<dyn Harness>) -> Outcome {
    const OPTIONAL: [Field; 9] = [
        Field::Remark,
        Field::Mobile,
        Field::Email,
        Field::TaxId,
        Field::Ip,
        Field::Terminal,
        Field::ReturnUrl,
        Field::Kind,
        Field::Name,
    ];
    each(&Fixture::new(harness), |fixture, kind| {
        for corridor in fixture.corridors(kind)? {
            let mut request = fixture.sample(kind, &corridor)?;
            request.extras().clear();
            for field in OPTIONAL {
                let needed = |required: &Field| {
                    *required == field
                        || (*required == Field::FamilyName
                            && matches!(field, Field::Name | Field::Kind))
                };
                if !corridor.required.iter().any(needed) {
                    request = without(request.clone(), field).unwrap_or(request);
                }
            }
            let call = send(fixture, kind, &request)?;
            if let (true, Err(error)) = (call.sent.is_empty(), call.result) {
                return Err(Unmet::fails(format!(
                    "one with no more than what is required is refused: {}",
                    shown(&error)
                )));
            }
        }
        Ok(())
    })
}

pub(crate) fn invalid_fields_are_named(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    fixture.kinds()?;
    let misfits = harness.misfits();
    if misfits.is_empty() {
        return Err(Unmet::not_offered("the documents set no limits of their own"));
    }
    for (index, misfit) in (1..).zip(misfits) {
        // The platform may offer what the adapter does not.
        let asks = misfit.request.operation();
        let Some(kind) = fixture.kinds()?.into_iter().find(|kind| kind.creates() == asks) else {
            continue;
        };
        let call = send(&fixture, kind, &misfit.request)?;
        let error = call.result.err().filter(|_| call.sent.is_empty()).ok_or_else(|| {
            let field = misfit.field;
            Unmet::fails(format!("misfit {index}: a {field} that does not fit is taken"))
        })?;
        ensure!(
            (error.effect(), error.field()) == (Effect::NotSent, Some(misfit.field)),
            "misfit {index}: expected {} to be named, found {}",
            misfit.field,
            shown(&error)
        );
    }
    Ok(())
}

/// How long the samples can be paid, in minutes. No platform is known that refuses both.
const OPEN_FOR: [i64; 2] = [30, 45];

pub(crate) fn expiry_is_sent_exactly(harness: &Arc<dyn Harness>) -> Outcome {
    let kind = Kind::Collection;
    let mut taken = false;
    for corridor in Fixture::new(harness).corridors(kind)? {
        for minutes in OPEN_FOR {
            let fixture = Fixture::new(harness);
            let until = fixture.clock.now() + SignedDuration::from_mins(minutes);
            let Request::Collection(sample) = fixture.sample(kind, &corridor)? else { continue };
            let request = sample.with_expires(until).into();
            let order = match fixture.try_order(kind, &request)? {
                Ok(order) => order,
                Err(error) => {
                    at_expires(&error)?;
                    continue;
                }
            };
            // Sent again, it is open until the same instant.
            for after in [0, 10] {
                fixture.clock.advance(SignedDuration::from_mins(after));
                let now = fixture.clock.now();
                let call = fixture.create(&order, Script::all(fixture.first(kind)?))?;
                if let (true, Err(error)) = (call.sent.is_empty(), &call.result) {
                    at_expires(error)?;
                    continue;
                }
                let instant = |read: &Reading| read.until.or(read.open_for.map(|open| now + open));
                let read = readings(harness, &call.sent)?.iter().find_map(instant);
                ensure!(
                    read == Some(until),
                    "it expires at {until}, but for the platform at {read:?}, as the harness reads \
                     it (`Reading::until`, `Reading::open_for`)"
                );
                taken = true;
            }
            fixture.clock.advance(SignedDuration::from_hours(1));
            let call = fixture.create(&order, Script::all(fixture.first(kind)?))?;
            ensure!(call.sent.is_empty(), "it expired at {until}, and is sent after that");
            let Err(error) = call.result else {
                return Err(Unmet::fails("it has expired, and nothing is sent or said"));
            };
            at_expires(&error)?;
        }
    }
    if taken { Ok(()) } else { Err(Unmet::not_offered("no collection takes an expiry")) }
}

fn at_expires(error: &Error) -> Outcome {
    let read = (error.effect(), error.field());
    ensure!(read == (Effect::NotSent, Some("expires")), "an expiry is refused as {}", shown(error));
    Ok(())
}

pub(crate) fn remarks_are_sent_verbatim_or_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let lengths =
        [1, 10, 20, 25, 30, 32, 35, 40, 50, 64, 80, 92, 93, 100, 128, 140, 200, 256, 1000];
    let mut remarks: Vec<String> = lengths
        .iter()
        .map(|length| "remark7 ".repeat(200).chars().take(*length).collect())
        .collect();
    for remark in &mut remarks {
        *remark = remark.trim_end().to_owned();
    }
    remarks.extend(["peñas", "two\nlines", "a\u{7}bell", "quote \" and \\"].map(str::to_owned));
    each(&Fixture::new(harness), |fixture, kind| {
        for remark in &remarks {
            let mut request = fixture.request(kind)?;
            let (text, field) = request.remark();
            *text = Some(remark.clone());
            let call = send(fixture, kind, &request)?;
            match call.result {
                Err(error) if call.sent.is_empty() => ensure!(
                    (error.effect(), error.field()) == (Effect::NotSent, Some(field)),
                    "a {field} is refused as {}",
                    shown(&error)
                ),
                _ => ensure!(
                    carried(fixture, &call.sent)?.contains(remark.as_str()),
                    "a {field} of {} characters is taken, but not sent whole",
                    remark.chars().count()
                ),
            }
        }
        Ok(())
    })
}

pub(crate) fn names_are_sent_verbatim_or_refused(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let mut sample = fixture.request(kind)?;
        let given = sample.party().and_then(|party| party.name.clone());
        let sent = |name: &Name| -> Result<Option<bool>, Unmet> {
            let mut request = sample.clone();
            if let Some(party) = request.party() {
                party.name = Some(name.clone());
            }
            let call = send(fixture, kind, &request)?;
            match call.result {
                Err(error) if call.sent.is_empty() => {
                    ensure!(
                        error.effect() == Effect::NotSent && error.field().is_some(),
                        "a name is refused as {}",
                        shown(&error)
                    );
                    Ok(None)
                }
                _ => {
                    let content = carried(fixture, &call.sent)?;
                    Ok(Some(parts(name).iter().all(|part| content.contains(part.expose()))))
                }
            }
        };
        if !given.map_or(Ok(false), |name| sent(&name).map(|sent| sent == Some(true)))? {
            return Err(Unmet::not_offered("names are not sent"));
        }
        for length in [1_usize, 10, 20, 30, 35, 40, 50, 64, 65, 100, 101, 128] {
            let text: String = "Maria".repeat(26).chars().take(length).collect();
            for name in names(&text)? {
                let whole = sent(&name)?.unwrap_or(true);
                ensure!(whole, "a name of {length} characters is taken, but not sent whole");
            }
        }
        for text in ["Peña-Dela Cruz", "O'Neil", "\"Bridge\" & Sons", "王小明"] {
            for name in names(text)? {
                ensure!(sent(&name)?.unwrap_or(true), "{text:?} is taken, but not sent whole");
            }
        }
        Ok(())
    })
}

pub(crate) fn unknown_institutions_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let mut named = false;
        for corridor in fixture.corridors(kind)? {
            for unknown in ["QQQQPHQQ", "no-such-bank"] {
                let mut request = fixture.sample(kind, &corridor)?;
                let unknown =
                    InstitutionId::new(unknown).map_err(|error| Unmet::fails(error.to_string()))?;
                let Some(institution) = institution(&mut request) else { continue };
                *institution = unknown;
                named = true;
                let call = send(fixture, kind, &request)?;
                let error = call.result.err().filter(|_| call.sent.is_empty());
                let error =
                    error.ok_or_else(|| Unmet::fails("an unknown institution is accepted"))?;
                ensure!(
                    (error.effect(), error.field()) == (Effect::NotSent, Some("institution")),
                    "an unknown institution is refused as {}",
                    shown(&error)
                );
            }
        }
        if named { Ok(()) } else { Err(Unmet::not_offered("no request names an institution")) }
    })
}

pub(crate) fn extras_of_other_adapters_are_ignored(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let plain = fixture.request(kind)?;
        let with = |key: String| -> Result<Request, Unmet> {
            let mut request = plain.clone();
            let value =
                Sensitive::new("extra7").map_err(|error| Unmet::fails(error.to_string()))?;
            request.extras().insert(key, value);
            Ok(request)
        };
        let sent = |request: &Request| -> Result<String, Unmet> {
            carried(fixture, &send(fixture, kind, request)?.sent)
        };
        let ignored = sent(&with("another.purpose".into())?)?;
        ensure!(
            ignored == sent(&plain)? && !ignored.is_empty(),
            "an extra of another adapter is not ignored"
        );
        let adapter = &fixture.provider.merchant_account().adapter;
        let call = send(fixture, kind, &with(format!("{adapter}.no-such-extra"))?)?;
        let error = call
            .result
            .err()
            .filter(|_| call.sent.is_empty())
            .ok_or_else(|| Unmet::fails("an unknown extra under its own name is ignored"))?;
        ensure!(error.effect() == Effect::NotSent, "an unknown extra: {}", shown(&error));
        Ok(())
    })
}

fn send(fixture: &Fixture, kind: Kind, request: &Request) -> Result<Call<Seen>, Unmet> {
    fixture.send(kind, request, Script::all(fixture.first(kind)?))
}

/// What reaches the platform.
fn carried(fixture: &Fixture, sent: &[crate::platform::Sent]) -> Result<String, Unmet> {
    Ok(readings(&fixture.harness, sent)?.into_iter().map(|reading| reading.content).collect())
}

/// The request without this field, where it can be left out.
fn without(mut request: Request, field: Field) -> Option<Request> {
    if field == Field::Remark {
        *request.remark().0 = None;
        return Some(request);
    }
    match (&mut request, field) {
        (Request::Collection(collection), Field::Terminal) => collection.terminal = None,
        (Request::Collection(collection), Field::ReturnUrl) => collection.return_url = None,
        (Request::StaticCode(code), Field::Terminal) => code.terminal = None,
        (request, field) => {
            let party = request.party()?;
            match field {
                Field::Name => party.name = None,
                Field::FamilyName => {
                    party.name = party.name.as_ref().map(|name| Name::Full(name.whole()));
                    if party.kind == Some(PartyKind::Organization) {
                        party.kind = None;
                    }
                }
                Field::Mobile => party.mobile = None,
                Field::Email => party.email = None,
                Field::TaxId => party.tax_id = None,
                Field::Kind => party.kind = None,
                Field::Ip => party.ip = None,
                _ => return None,
            }
        }
    }
    Some(request)
}

/// The bank or wallet that a request names.
pub(super) const fn institution(request: &mut Request) -> Option<&mut InstitutionId> {
    match request {
        Request::Payout(request) => match &mut request.destination {
            Destination::Bank { institution, .. } | Destination::Wallet { institution, .. } => {
                Some(institution)
            }
            _ => None,
        },
        Request::Collection(request) => named(&mut request.method),
        Request::StaticCode(request) => named(&mut request.method),
        Request::Refund(_) => None,
    }
}

const fn named(method: &mut CollectionMethod) -> Option<&mut InstitutionId> {
    match method {
        CollectionMethod::VirtualAccount(id) | CollectionMethod::Redirect(id) => Some(id),
        _ => None,
    }
}

/// The text as a name in full, and as parts.
fn names(text: &str) -> Result<[Name; 2], Unmet> {
    let part = NamePart::new(text).map_err(|error| Unmet::fails(error.to_string()))?;
    let family = NamePart::new("Delacruz").map_err(|error| Unmet::fails(error.to_string()))?;
    Ok([Name::Full(part.clone()), Name::Parts { given: part, middle: None, family, suffix: None }])
}

fn parts(name: &Name) -> Vec<NamePart> {
    match name {
        Name::Full(name) => vec![name.clone()],
        Name::Parts { given, middle, family, .. } => {
            [Some(given), middle.as_ref(), Some(family)].into_iter().flatten().cloned().collect()
        }
        _ => Vec::new(),
    }
}

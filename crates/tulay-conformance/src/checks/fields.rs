//! What a request must hold and may hold, and that nothing of it is cut.

use crate::{
    checks::ids::content,
    harness::Harness,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    stage::Stage,
};
use std::sync::Arc;
use tulay_core::{
    Destination, Effect, ErrorKind, Field, InstitutionId, Name, NamePart, PartyKind, PayoutRequest,
    Prepared, Private, Result as CoreResult,
};

pub(crate) fn required_fields_are_named(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for corridor in stage.corridors()? {
        for field in &corridor.required {
            let Some(request) = without(harness.request(&corridor), *field) else { continue };
            let Err(error) = prepare(&stage, &request)? else {
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
}

pub(crate) fn optional_fields_may_be_missing(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    const OPTIONAL: [Field; 7] = [
        Field::Remark,
        Field::Mobile,
        Field::Email,
        Field::TaxId,
        Field::Ip,
        Field::Kind,
        Field::Name,
    ];
    for corridor in stage.corridors()? {
        let mut request = harness.request(&corridor);
        request.extras.clear();
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
        if let Err(error) = prepare(&stage, &request)? {
            return Err(Unmet::fails(format!(
                "a payout with no more than what is required is refused: {}",
                shown(&error)
            )));
        }
    }
    Ok(())
}

pub(crate) fn misfits_are_named(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    stage.corridors()?;
    let misfits = harness.misfits();
    if misfits.is_empty() {
        return Err(Unmet::not_offered("the documents set no limits of their own"));
    }
    for (index, misfit) in (1..).zip(misfits) {
        let Err(error) = prepare(&stage, &misfit.request)? else {
            return Err(Unmet::fails(format!(
                "misfit {index}: a {} that does not fit is taken",
                misfit.field
            )));
        };
        ensure!(
            (error.effect(), error.field()) == (Effect::NotSent, Some(misfit.field)),
            "misfit {index}: expected {} to be named, found {}",
            misfit.field,
            shown(&error)
        );
    }
    Ok(())
}

pub(crate) fn remarks_are_carried_whole_or_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
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
    for remark in remarks {
        let mut request = stage.request()?;
        request.remark = Some(remark.clone());
        match prepare(&stage, &request)? {
            Ok(order) => ensure!(
                carried(&stage, &order)?.contains(&remark),
                "a remark of {} characters is taken, but not sent whole",
                remark.chars().count()
            ),
            Err(error) => ensure!(
                (error.effect(), error.field()) == (Effect::NotSent, Some("remark")),
                "a remark is refused as {}",
                shown(&error)
            ),
        }
    }
    Ok(())
}

pub(crate) fn names_are_carried_whole_or_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let sample = stage.request()?;
    let sent = |name: &Name| -> Result<Option<bool>, Unmet> {
        let mut request = sample.clone();
        request.beneficiary.name = Some(name.clone());
        match prepare(&stage, &request)? {
            Ok(order) => {
                let content = carried(&stage, &order)?;
                let parts = parts(name);
                Ok(Some(parts.iter().all(|part| content.contains(part.expose()))))
            }
            Err(error) => {
                ensure!(
                    error.effect() == Effect::NotSent && error.field().is_some(),
                    "a name is refused as {}",
                    shown(&error)
                );
                Ok(None)
            }
        }
    };
    let given = sample.beneficiary.name.clone();
    if !given.map_or(Ok(false), |name| sent(&name).map(|sent| sent == Some(true)))? {
        return Err(Unmet::not_offered("names are not sent"));
    }
    for length in [1_usize, 10, 20, 30, 35, 40, 50, 64, 65, 100, 128] {
        for name in names(&"Maria".repeat(26).chars().take(length).collect::<String>())? {
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
}

pub(crate) fn unknown_institutions_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let mut named = false;
    for corridor in stage.corridors()? {
        for unknown in ["QQQQPHQQ", "no-such-bank"] {
            let mut request = harness.request(&corridor);
            let unknown =
                InstitutionId::new(unknown).map_err(|error| Unmet::fails(error.to_string()))?;
            match &mut request.destination {
                Destination::Bank { institution, .. } | Destination::Wallet { institution, .. } => {
                    *institution = unknown;
                }
                _ => continue,
            }
            named = true;
            let Err(error) = prepare(&stage, &request)? else {
                return Err(Unmet::fails("an institution that nobody knows is taken"));
            };
            ensure!(
                (error.effect(), error.field()) == (Effect::NotSent, Some("institution")),
                "an unknown institution is refused as {}",
                shown(&error)
            );
        }
    }
    if named { Ok(()) } else { Err(Unmet::not_offered("no destination names an institution")) }
}

pub(crate) fn extras_of_others_are_ignored(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let plain = stage.request()?;
    let with = |key: String| -> Result<PayoutRequest, Unmet> {
        let mut request = plain.clone();
        let value = Private::new("extra7").map_err(|error| Unmet::fails(error.to_string()))?;
        request.extras.insert(key, value);
        Ok(request)
    };
    let ignored = prepare(&stage, &with("another.purpose".into())?)?.ok();
    ensure!(
        ignored == prepare(&stage, &plain)?.ok() && ignored.is_some(),
        "an extra of another adapter is not ignored"
    );
    let adapter = &stage.provider.merchant_account().adapter;
    let Err(error) = prepare(&stage, &with(format!("{adapter}.no-such-extra"))?)? else {
        return Err(Unmet::fails("an unknown extra under its own name is ignored"));
    };
    ensure!(error.effect() == Effect::NotSent, "an unknown extra: {}", shown(&error));
    Ok(())
}

fn prepare(stage: &Stage, request: &PayoutRequest) -> Result<CoreResult<Prepared>, Unmet> {
    Ok(stage.payouts()?.prepare(request, &stage.order_id(request)?))
}

/// What reaches the platform.
fn carried(stage: &Stage, order: &Prepared) -> Result<String, Unmet> {
    let call = stage.create(order, Script::all(stage.pending()))?;
    Ok(call.sent.iter().map(|sent| content(&stage.harness, sent)).collect())
}

/// The request without this field, where it can be left out.
fn without(mut request: PayoutRequest, field: Field) -> Option<PayoutRequest> {
    let party = &mut request.beneficiary;
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
        Field::Remark => request.remark = None,
        _ => return None,
    }
    Some(request)
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

//! The provider's reading of a QR code, which the adapter compares with its own.

use crate::{
    case::{Case, Repeats},
    checks::agreement::mismatch,
    fixture::{Call, Fixture},
    harness::Harness,
    outcome::{Outcome, Unmet, ensure},
    platform::Script,
    reading,
};
use std::sync::Arc;
use tulay_core::{ErrorKind, Inspection, Operation, QrText};

pub(crate) fn inspection_is_consistent(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    for text in codes(&fixture)? {
        let read = inspect(&fixture, &text, Repeats::All)?.accepted()?;
        ensure!(!read.kind.is_empty(), "it does not say what kind of code it is");
        let again = inspect(&fixture, &text, Repeats::All)?.accepted()?;
        ensure!(again.amount == read.amount, "read twice, it fixes two amounts");
    }
    Ok(())
}

pub(crate) fn contradicting_inspection_is_a_mismatch(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let mut contradicted = false;
    for text in codes(&fixture)? {
        let fixed = inspect(&fixture, &text, Repeats::All)?.accepted()?.amount.is_some();
        for repeats in [Repeats::OtherAmount, Repeats::OtherPayee, Repeats::NoAmount] {
            // A code that fixes no amount is read rightly without one.
            if repeats == Repeats::NoAmount && !fixed {
                continue;
            }
            let call = inspect(&fixture, &text, repeats)?;
            if !call.unsaid {
                contradicted = true;
                mismatch(&format!("{repeats:?}"), call.result.err().as_ref())?;
            }
        }
    }
    if contradicted { Ok(()) } else { Err(Unmet::fails("the harness reads no code otherwise")) }
}

pub(crate) fn invalid_codes_are_not_inspected(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    for text in codes(&fixture)? {
        let mut damaged = text.expose().to_owned();
        let last = damaged.pop();
        damaged.push(if last == Some('0') { '1' } else { '0' });
        for wrong in [damaged.as_str(), "000201", "https://pay.example/7"] {
            let wrong = QrText::new(wrong).map_err(|error| Unmet::fails(error.to_string()))?;
            let call = inspect(&fixture, &wrong, Repeats::All)?;
            let kind = call.result.as_ref().err().map(tulay_core::Error::kind);
            ensure!(
                call.sent.is_empty() && kind == Some(ErrorKind::Destination),
                "what is no code is read; expected destination before asking, found {kind:?}"
            );
        }
    }
    Ok(())
}

/// One code that fixes its amount and, where the harness has one, another.
fn codes(fixture: &Fixture) -> Result<Vec<QrText>, Unmet> {
    if fixture.provider.roles().qr_inspection.is_none() {
        return Err(Unmet::not_offered("it reads no codes"));
    }
    let mut codes = vec![reading::a_code(fixture)?];
    codes.extend(reading::shown_code(fixture).ok());
    Ok(codes)
}

fn inspect(fixture: &Fixture, text: &QrText, repeats: Repeats) -> Result<Call<Inspection>, Unmet> {
    let role = fixture.provider.roles().qr_inspection;
    let role = role.ok_or_else(|| Unmet::not_offered("it reads no codes"))?;
    let script = Script::all(Case::scanned(repeats));
    Ok(fixture.call(Operation::QrInspection, None, script, role.inspect(text)))
}

//! Checks of what the values mean.

use crate::{
    amount::Amount,
    currency::Currency,
    error::ErrorKind,
    findings::Findings,
    id::{Id, Path},
    initiation::Initiation,
    iso::is_country,
    object::Object,
    payload::Payload,
    rules::{Fault, Form, Rule},
    scheme::{Scheme, detect, duitnow, is_opaque, promptpay, qris},
    tip::percentage,
    warning::{Warning, WarningKind},
};

/// Checks what the values mean.
pub(crate) fn of_payload(payload: &Payload<'_>, findings: &mut Findings) {
    let (scheme, kind) = detect(payload);
    format_indicator(payload, scheme, findings);
    initiation(payload, findings);
    accounts(payload, findings);
    merchant(payload, scheme, findings);
    values(payload, scheme, findings);
    let currency = currency(payload, scheme, findings);
    amount(payload, currency, findings);
    tip(payload, currency, findings);
    language(payload, findings);
    unreserved(payload, scheme, findings);
    match scheme {
        Scheme::Qris => qris::validate(payload, kind, findings),
        Scheme::DuitNow => duitnow::validate(payload, findings),
        Scheme::PromptPay => promptpay::validate(payload, findings),
        Scheme::Emv | Scheme::QrPh | Scheme::Sbp => {}
    }
    let text = payload.as_str();
    // Bytes are at least as many as characters.
    if text.len() > 512 && text.chars().count() > 512 {
        findings.warnings.push(Warning::at(text, 0, WarningKind::PayloadTooLong, None));
    }
}

/// `02` is DuitNow's alone; the structure let it pass, as the accounts were not read yet.
fn format_indicator(payload: &Payload<'_>, scheme: Scheme, findings: &mut Findings) {
    let object = payload.get(Id::FORMAT_INDICATOR).filter(|object| object.value() == "02");
    if let Some(object) = object.filter(|_| scheme != Scheme::DuitNow) {
        findings.error(payload, &object, ErrorKind::BadFormatIndicator, object.id());
    }
}

fn initiation(payload: &Payload<'_>, findings: &mut Findings) {
    let Some(object) = payload.get(Id::POINT_OF_INITIATION) else { return };
    let amount = payload.get(Id::AMOUNT);
    match (Initiation::from_code(object.value()), amount) {
        (None, _) => {
            findings.error(payload, &object, ErrorKind::BadPointOfInitiation, object.id());
        }
        (Some(Initiation::Static), Some(amount)) => {
            findings.warn(payload, &amount, WarningKind::AmountWithStatic, amount.id());
        }
        (Some(Initiation::Dynamic), None) => {
            findings.warn_missing(payload, WarningKind::DynamicWithoutAmount, Id::AMOUNT);
        }
        _ => {}
    }
}

fn accounts(payload: &Payload<'_>, findings: &mut Findings) {
    let mut none = !payload.has_primitive_account();
    for account in payload.account_templates() {
        none = false;
        if account.guid().is_none() {
            let object = account.object();
            findings.warn(payload, &object, WarningKind::GuidMissing, object.id());
        }
    }
    if none {
        findings.error_at(payload, payload.end(), ErrorKind::MissingAccount, None);
    }
}

fn merchant(payload: &Payload<'_>, scheme: Scheme, findings: &mut Findings) {
    // PromptPay codes go without these three; that is a warning of its own.
    let mut object = |id| match scheme {
        Scheme::PromptPay => payload.get(id),
        _ => findings.mandatory(payload, id),
    };
    let category = object(Id::CATEGORY_CODE);
    let name = object(Id::MERCHANT_NAME);
    let city = object(Id::MERCHANT_CITY);
    for object in [category, name, city].into_iter().flatten() {
        value(payload, &object, object.id().into(), scheme, findings);
    }
}

/// Checks the form and length of a value that nothing else looks at.
fn values(payload: &Payload<'_>, scheme: Scheme, findings: &mut Findings) {
    for object in payload.objects() {
        let id = object.id();
        if id.is_primitive_account() || matches!(id, Id::POSTAL_CODE) {
            value(payload, &object, id.into(), scheme, findings);
        } else if id.is_template() {
            for sub in object.objects_unchecked() {
                value(payload, &sub, Path::within(id, sub.id()), scheme, findings);
            }
        }
    }
}

/// Warns about a value that breaks the rule of its object; what is written is refused by it.
fn value(
    payload: &Payload<'_>,
    object: &Object<'_>,
    path: Path,
    scheme: Scheme,
    findings: &mut Findings,
) {
    let Err(fault) = Rule::of(scheme, path).check(object.value()) else { return };
    let root = if path.sub.is_none() { path.root } else { Id::FORMAT_INDICATOR };
    match fault {
        // The structure has none.
        Fault::Empty => {}
        Fault::TooLong { most: limit, .. } | Fault::Length { exactly: limit, .. } => {
            let kind = match root {
                Id::CATEGORY_CODE => WarningKind::BadMcc,
                Id::MERCHANT_NAME => WarningKind::NameTooLong,
                Id::MERCHANT_CITY => WarningKind::CityTooLong,
                _ => WarningKind::ValueLength,
            };
            findings.warn_limit(payload, object, kind, path, limit);
        }
        Fault::Character { at, form } => {
            let kind = match root {
                Id::CATEGORY_CODE => WarningKind::BadMcc,
                Id::MERCHANT_NAME | Id::MERCHANT_CITY => WarningKind::NotAns,
                // A control character is an error of the structure.
                _ if form == Form::Any => return,
                _ => WarningKind::ValueCharacter,
            };
            let at = object.value_byte_offset().saturating_add(at);
            findings.warn_at(payload, at, kind, path);
        }
    }
}

fn currency(payload: &Payload<'_>, scheme: Scheme, findings: &mut Findings) -> Option<Currency> {
    let currency = findings.mandatory(payload, Id::CURRENCY);
    let country = findings.mandatory(payload, Id::COUNTRY);
    let only = scheme.currency_and_country();
    let read = currency.and_then(|object| Currency::from_numeric(object.value()));
    if let Some(object) = currency {
        let kind = match (read, only) {
            (None, _) => Some(ErrorKind::BadCurrency),
            (Some(read), Some((only, _))) if read != only => {
                Some(ErrorKind::SchemeCurrencyMismatch)
            }
            _ => None,
        };
        if let Some(kind) = kind {
            findings.error(payload, &object, kind, object.id());
        } else if read.is_some_and(|read| !read.is_known()) {
            findings.warn(payload, &object, WarningKind::UnknownCurrency, object.id());
        }
    }
    if let Some(object) = country {
        let value = object.value();
        let letters = value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase());
        let kind = match only {
            _ if !letters => Some(ErrorKind::BadCountry),
            Some((_, only)) if value != only => Some(ErrorKind::SchemeCountryMismatch),
            _ => None,
        };
        if let Some(kind) = kind {
            findings.error(payload, &object, kind, object.id());
        } else if !is_country(value) {
            findings.warn(payload, &object, WarningKind::UnknownCountry, object.id());
        }
    }
    read
}

fn amount(payload: &Payload<'_>, currency: Option<Currency>, findings: &mut Findings) {
    let Some(object) = payload.get(Id::AMOUNT) else { return };
    match Amount::parse(object.value()) {
        Some(amount) => written_amount(payload, &object, amount, currency, findings),
        None => findings.error(payload, &object, ErrorKind::BadAmount, object.id()),
    }
}

/// Warns about amounts that are read and never written.
fn written_amount(
    payload: &Payload<'_>,
    object: &Object<'_>,
    amount: Amount<'_>,
    currency: Option<Currency>,
    findings: &mut Findings,
) {
    if currency.is_some_and(|currency| amount.decimals() > usize::from(currency.exponent())) {
        findings.warn(payload, object, WarningKind::AmountDecimals, object.id());
    }
    if !amount.is_written_well() {
        findings.warn(payload, object, WarningKind::AmountForm, object.id());
    }
}

fn tip(payload: &Payload<'_>, currency: Option<Currency>, findings: &mut Findings) {
    let indicator = payload.get(Id::TIP_INDICATOR);
    let announced = match indicator.map(|object| object.value()) {
        Some("02") => Some(Id::FEE_FIXED),
        Some("03") => Some(Id::FEE_PERCENT),
        _ => None,
    };
    if let Some(object) = indicator.filter(|o| !matches!(o.value(), "01" | "02" | "03")) {
        findings.error(payload, &object, ErrorKind::BadTipIndicator, object.id());
    }
    for id in [Id::FEE_FIXED, Id::FEE_PERCENT] {
        let fee = payload.get(id);
        let Some(object) = fee else {
            if announced == Some(id) {
                let path = Path::from(id);
                findings.error_at(payload, payload.end(), ErrorKind::TipValueMissing, path);
            }
            continue;
        };
        let fixed = Amount::parse(object.value()).filter(|_| id == Id::FEE_FIXED);
        let good = match id {
            Id::FEE_FIXED => fixed.is_some(),
            _ => percentage(object.value()).is_some(),
        };
        if announced != Some(id) {
            // The object as a whole is out of place, not its value.
            let at = object.byte_offset();
            findings.error_at(payload, at, ErrorKind::TipValueUnexpected, Path::from(id));
        } else if !good {
            findings.error(payload, &object, ErrorKind::BadFee, id);
        } else if let Some(fee) = fixed {
            written_amount(payload, &object, fee, currency, findings);
        }
    }
}

/// Language and name have to be there (EMVCo MPM 1.0, table 3.8).
fn language(payload: &Payload<'_>, findings: &mut Findings) {
    if payload.get(Id::LANGUAGE).is_none() {
        return;
    }
    for sub in [0, 1].map(Id::of) {
        if payload.value_within(Id::LANGUAGE, sub).is_none() {
            let path = Path::within(Id::LANGUAGE, sub);
            findings.error_at(payload, payload.end(), ErrorKind::MissingMandatory, path);
        }
    }
}

fn unreserved(payload: &Payload<'_>, scheme: Scheme, findings: &mut Findings) {
    for object in payload.unreserved() {
        if is_opaque(scheme, &object) {
            findings.warn(payload, &object, WarningKind::NotATemplate, object.id());
        }
    }
}

//! What every request is made of, checked against what the provider takes.

use crate::profile::{LONGEST_NAME, LONGEST_REMARK, Profile};
use jiff::Timestamp;
use std::ops::RangeInclusive;
use tulay_core::{Extras, Invalid, Money, OrderId, Party};

/// There are no extras.
pub(crate) fn no_extras(extras: &Extras) -> Result<(), Invalid> {
    if extras.keys().any(|key| key.starts_with("regional.")) {
        return Err(Invalid::unsupported("extras", "there are no keys under `regional.`"));
    }
    Ok(())
}

/// An amount in the unit of the wire.
pub(crate) fn amount(profile: &Profile, amount: Money) -> Result<i64, Invalid> {
    profile.on_wire(amount).ok_or_else(|| {
        let expected =
            format!("a multiple of {}", Money::from_minor(profile.unit, profile.currency));
        Invalid::new("amount", expected)
    })
}

/// An order id of letters and digits, of a length within these.
pub(crate) fn order_id<'a>(
    length: &RangeInclusive<usize>,
    order_id: &'a OrderId,
) -> Result<&'a str, Invalid> {
    let id = order_id.as_str();
    if length.contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(id);
    }
    let expected = format!("{} to {} letters and digits", length.start(), length.end());
    Err(Invalid::new("order_id", expected))
}

/// The whole name.
pub(crate) fn name(party: &Party) -> Result<String, Invalid> {
    let whole = party.name.as_ref().map(|name| name.whole().expose().to_owned());
    let name = whole.ok_or_else(|| Invalid::new("name", "a name"))?;
    if name.chars().count() > LONGEST_NAME {
        return Err(Invalid::new("name", format!("at most {LONGEST_NAME} characters in all")));
    }
    Ok(name)
}

/// The mobile number as the country writes it.
pub(crate) fn mobile(profile: &Profile, party: &Party) -> Result<String, Invalid> {
    let national = party.mobile.as_ref().and_then(|phone| profile.written(phone));
    let refused = || Invalid::new("mobile", format!("a mobile number of {}", profile.country));
    national.ok_or_else(refused)
}

/// Who pays, or in whose name a code stands.
pub(crate) struct Payer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) mobile: String,
}

/// What Create Payment wants to know of a payer or holder.
pub(crate) fn payer(profile: &Profile, party: &Party) -> Result<Payer, Invalid> {
    let longest = profile.collection.longest_name;
    let name = name(party)?;
    if name.chars().count() > longest {
        return Err(Invalid::new("name", format!("at most {longest} characters in all")));
    }
    let email = party.email.as_ref().map(|email| email.expose().to_owned());
    let email = email.ok_or_else(|| Invalid::new("email", "an address for mail"))?;
    Ok(Payer { name, email, mobile: mobile(profile, party)? })
}

/// A remark.
pub(crate) fn remark(text: Option<&str>) -> Result<Option<&str>, Invalid> {
    line("remark", text, LONGEST_REMARK)
}

/// A text on one line, of at most so many characters; one that is empty is left out.
pub(crate) fn line<'a>(
    field: &'static str,
    text: Option<&'a str>,
    longest: usize,
) -> Result<Option<&'a str>, Invalid> {
    let fits = |text: &str| text.chars().count() <= longest && !text.chars().any(char::is_control);
    match text {
        Some(text) if !fits(text) => {
            Err(Invalid::new(field, format!("at most {longest} characters on one line")))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

/// Whether a text is what was made for this order: it begins with its `mchOrderId`, or whatever
/// the operation calls it.
pub(crate) fn is_for(body: &str, member: &str, order_id: &str) -> bool {
    let rest = body
        .strip_prefix("{\"")
        .and_then(|rest| rest.strip_prefix(member))
        .and_then(|rest| rest.strip_prefix("\":\""))
        .and_then(|rest| rest.strip_prefix(order_id));
    rest.is_some_and(|rest| rest.starts_with("\","))
}

/// A prepared text with an instant that `create` compares with the clock: the instant or `-`, a
/// blank, and the text.
pub(crate) fn with_instant(instant: Option<Timestamp>, param: &str) -> String {
    let instant = instant.map_or_else(|| "-".to_owned(), |at| at.to_string());
    format!("{instant} {param}")
}

/// The parts of [`with_instant`]; `None` of any other text.
pub(crate) fn instant_and_text(body: &str) -> Option<(Option<Timestamp>, &str)> {
    let (instant, param) = body.split_once(' ')?;
    let instant = match instant {
        "-" => None,
        instant => Some(instant.parse().ok()?),
    };
    Some((instant, param))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instant_and_text_are_read_as_written() {
        let at: Timestamp = "2026-11-20T02:00:00.5Z".parse().unwrap();
        for instant in [None, Some(at)] {
            let body = with_instant(instant, r#"{"a":"b c"}"#);
            assert_eq!(instant_and_text(&body), Some((instant, r#"{"a":"b c"}"#)));
        }
        for body in ["", "{}", "soon {}", " {}"] {
            assert_eq!(instant_and_text(body), None, "{body}");
        }
    }
}

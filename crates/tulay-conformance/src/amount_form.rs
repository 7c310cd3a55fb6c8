//! Amounts in other forms than the documented one.

/// How a message writes its amount. Only [`Documented`](Self::Documented) is the platform's: an
/// adapter may read the others rightly or not at all, and never as another amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmountForm {
    /// As the platform documents it.
    Documented,
    /// With an exponent: `125e1` for 1250.
    Exponent,
    /// With three zeros more behind the point: `1250.000` for 1250.
    MoreZeros,
    /// A text for a number, a number for a text.
    OtherType,
    /// With digits that no currency has: `1250.00001`. It is no form of the same amount.
    MoreDigits,
}

impl AmountForm {
    /// Every form that is not documented.
    pub(crate) const OTHERS: [Self; 4] =
        [Self::Exponent, Self::MoreZeros, Self::OtherType, Self::MoreDigits];

    /// The JSON text with the value of this member in this form, wherever it stands; the text as it
    /// is where the value is no plain decimal number.
    pub(crate) fn rewrite(self, text: &str, member: &str) -> String {
        if self == Self::Documented {
            return text.to_owned();
        }
        let name = format!("\"{member}\"");
        let mut written = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(&name) {
            written.push_str(before);
            written.push_str(&name);
            rest = after;
            let value = rest.trim_start();
            let Some(value) = value.strip_prefix(':').map(str::trim_start) else { continue };
            let (token, end) = token(value);
            if let Some(other) = self.of(token) {
                written.push(':');
                written.push_str(&other);
                rest = end;
            }
        }
        written.push_str(rest);
        written
    }

    /// The number or text in this form; `None` where it is no plain decimal number.
    fn of(self, token: &str) -> Option<String> {
        let text = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let number = text.unwrap_or(token);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return None;
        }
        let point = if number.contains('.') { "" } else { "." };
        let other = match self {
            Self::Documented => return None,
            Self::Exponent if !fraction.is_empty() => {
                format!("{}{fraction}e-{}", whole.trim_start_matches('0'), fraction.len())
            }
            Self::Exponent => match whole.trim_end_matches('0') {
                head if head.is_empty() || head == whole => format!("{whole}0e-1"),
                head => format!("{head}e{}", whole.len().saturating_sub(head.len())),
            },
            Self::MoreZeros => format!("{number}{point}000"),
            Self::MoreDigits => format!("{number}{point}00001"),
            Self::OtherType if text.is_some() => return Some(number.to_owned()),
            Self::OtherType => return Some(format!("\"{number}\"")),
        };
        Some(if text.is_some() { format!("\"{other}\"") } else { other })
    }
}

/// The number or text that a JSON value begins with, and what follows it.
fn token(value: &str) -> (&str, &str) {
    let end = match value.strip_prefix('"') {
        Some(text) => text.find('"').map(|at| at.saturating_add(2)),
        None => value.find(|c: char| !(c.is_ascii_digit() || c == '.')),
    };
    value.split_at_checked(end.unwrap_or(value.len())).unwrap_or((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_in_other_forms() {
        use AmountForm::{Documented, Exponent, MoreDigits, MoreZeros, OtherType};
        for (form, number, text) in [
            (Documented, r#"{"a":1250,"b":"x"}"#, r#"{"a":"12.50"}"#),
            (Exponent, r#"{"a":125e1,"b":"x"}"#, r#"{"a":"1250e-2"}"#),
            (MoreZeros, r#"{"a":1250.000,"b":"x"}"#, r#"{"a":"12.50000"}"#),
            (OtherType, r#"{"a":"1250","b":"x"}"#, r#"{"a":12.50}"#),
            (MoreDigits, r#"{"a":1250.00001,"b":"x"}"#, r#"{"a":"12.5000001"}"#),
        ] {
            assert_eq!(form.rewrite(r#"{"a":1250,"b":"x"}"#, "a"), number);
            assert_eq!(form.rewrite(r#"{"a":"12.50"}"#, "a"), text);
        }
        assert_eq!(
            Exponent.rewrite(r#"{"a":7,"c":{"a": 100}}"#, "a"),
            r#"{"a":70e-1,"c":{"a":1e2}}"#
        );
        for other in [r#"{"a":null}"#, r#"{"a":"PHP 7"}"#, r#"{"b":"a","a":[]}"#, r#"{"a""#] {
            assert_eq!(Exponent.rewrite(other, "a"), other);
        }
    }
}

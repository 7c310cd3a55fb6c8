//! The errors of the TOML parser, as messages for the author of the file.

use crate::nearest::did_you_mean;
use tulay_core::text::{self, AmountFormat};

/// The parser's message in plain words. `key` is the dotted key and may be empty; `written` is the
/// value as the file has it.
pub(crate) fn plain(message: &str, key: &str, written: &str) -> String {
    let last = key.rsplit('.').next().unwrap_or(key);
    let unknown = message.strip_prefix("unknown ").and_then(|rest| rest.split_once(" `"));
    if let Some(("field", rest)) = unknown {
        let (name, keys) = words(rest);
        let lists = || match keys.is_empty() {
            true => "; there are: none".into(),
            false => format!("; there are: {}", keys.join(", ")),
        };
        return format!("unknown key {name}{}", meant_or(name, &keys, lists));
    }
    if let Some(("variant", rest)) = unknown {
        let (word, known) = words(rest);
        let lists = || format!("; write one of {}", known.join(", "));
        return format!("unknown {last} {word}{}", meant_or(word, &known, lists));
    }
    if let Some(name) = quoted(message, "missing field `") {
        return format!("{name} is missing; write {}", example(name));
    }
    if let Some(("invalid type" | "invalid value", rest)) = message.split_once(": ")
        && let Some((found, expected)) = rest.split_once(", expected ")
    {
        return mistyped(found, expected, last, written);
    }
    if message.starts_with("missing comma between array elements") {
        return "a comma is missing here, or the list before it lacks its ]".into();
    }
    // A value that refuses itself says its name; the key says more.
    match message.split_once(": ") {
        Some((name, rest)) if key.split('.').any(|part| part == name) => rest.to_owned(),
        Some((_, rest)) if rest.starts_with("unknown ") => rest.to_owned(),
        _ => message.to_owned(),
    }
}

fn mistyped(found: &str, expected: &str, key: &str, written: &str) -> String {
    let is_number = found.starts_with("integer") || found.starts_with("floating point");
    match expected {
        "a string" if is_number && matches!(key, "min" | "max") => {
            match text::plain_amount(written, None, AmountFormat::Plain) {
                Ok(plain) => {
                    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
                    format!("write the amount in quotes: \"{whole}.{decimals:0<2}\"")
                }
                Err(invalid) => format!("write the amount in quotes; {}", invalid.problem()),
            }
        }
        // An account's number, which no message repeats.
        "a string" if is_number && key == "number" => "expected text in quotes".into(),
        "a string" if is_number => format!("expected text; write it in quotes: \"{written}\""),
        "a string" => "expected text in quotes".into(),
        "a sequence" if found.starts_with("string") => {
            format!("expected a list; write [{written}]")
        }
        "a sequence" => "expected a list, in brackets".into(),
        "a boolean" => "expected true or false, without quotes".into(),
        "u32" if key == "weight" => "expected a whole number from 1 to 4294967295".into(),
        "u8" | "u16" | "u32" | "u64" => "expected a whole number, 0 or more".into(),
        "i8" | "i16" | "i32" | "i64" => "expected a whole number".into(),
        _ if key == "amount" => "expected limits; write { max = \"50000.00\" }".into(),
        expected if expected.starts_with("struct ") => "expected a table, in braces".into(),
        expected => format!("expected {expected}"),
    }
}

/// How a key that must be there is written.
fn example(key: &str) -> String {
    match key {
        "namespace" => "namespace = \"acme-ph\", and never change it".into(),
        "providers" => "a table [providers.NAME] with adapter = \"…\"".into(),
        "operation" => "operation = \"payout\"".into(),
        "use" => "use = [\"NAME\"], of tables [providers.NAME]".into(),
        "provider" => "{ provider = \"NAME\", weight = 10 }".into(),
        "weight" => "weight = 10, its share relative to the others".into(),
        key => format!("{key} = …"),
    }
}

fn meant_or(word: &str, known: &[&str], lists: impl FnOnce() -> String) -> String {
    let meant = did_you_mean(word, known.iter().copied());
    if meant.is_empty() { lists() } else { meant }
}

/// The word before the next backtick, and every word between backticks after it.
fn words(text: &str) -> (&str, Vec<&str>) {
    let mut parts = text.split('`');
    let word = parts.next().unwrap_or_default();
    (word, parts.skip(1).step_by(2).collect())
}

fn quoted<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.split('`').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unquoted_limit_is_read_as_an_amount() {
        let message = |written| {
            let message = "invalid type: floating point `0.0`, expected a string";
            plain(message, "routes.0.amount.max", written)
        };
        for (written, fix) in [
            ("750000.0", "write the amount in quotes: \"750000.00\""),
            ("750.5", "write the amount in quotes: \"750.50\""),
        ] {
            assert_eq!(message(written), fix);
        }
        for (written, fix) in [("75.000", "write 75000 or 75.00"), ("75_000", "write 75000")] {
            assert!(message(written).ends_with(fix), "{}", message(written));
        }
    }

    #[test]
    fn an_account_number_is_not_repeated() {
        let message = "invalid type: integer `998877665544`, expected a string";
        let shown = plain(message, "providers.paymongo.source_account.number", "998877665544");
        assert_eq!(shown, "expected text in quotes");
    }

    #[test]
    fn what_is_not_understood_stays_as_it_is() {
        for (message, shown) in [
            ("duplicate key", "duplicate key"),
            ("unknown field `a`, expected `b`", "unknown key a; there are: b"),
            ("unknown field `a`, there are no fields", "unknown key a; there are: none"),
            ("invalid type: map, expected a tuple", "expected a tuple"),
            ("missing field `app_id`", "app_id is missing; write app_id = …"),
        ] {
            assert_eq!(plain(message, "", ""), shown);
        }
    }
}

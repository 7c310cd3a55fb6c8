//! What is in force, and where it comes from.

use crate::document::Document;
use std::ops::Range;
use toml::de::{DeTable, DeValue};
use tulay_core::adapter::{shown_file, shown_variable};

/// One value of the file: what is in force, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The key, dotted.
    pub key: String,
    /// The value as TOML; `***` where the key names a secret.
    pub value: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl Setting {
    /// The text of a value that is one; the value as it was written, where it is none.
    #[must_use]
    pub fn text(&self) -> String {
        let read = DeValue::parse(&self.value).ok();
        let text = read.and_then(|value| value.get_ref().as_str().map(str::to_owned));
        text.unwrap_or_else(|| self.value.clone())
    }
}

/// Every value of the file, in its order.
pub(crate) fn settings(document: &Document<'_>) -> Vec<Setting> {
    let mut settings = Vec::new();
    collect(document, "", document.table(), &mut settings);
    settings.sort_by_key(|setting| setting.line);
    settings
}

fn collect(
    document: &Document<'_>,
    prefix: &str,
    table: &DeTable<'_>,
    settings: &mut Vec<Setting>,
) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        match value.get_ref() {
            DeValue::Table(table) => collect(document, &format!("{key}."), table, settings),
            DeValue::Array(values) if values.iter().any(|value| value.get_ref().is_table()) => {
                for (index, value) in values.iter().enumerate() {
                    if let Some(table) = value.get_ref().as_table() {
                        collect(document, &format!("{key}.{index}."), table, settings);
                    }
                }
            }
            _ => settings.push(Setting {
                value: shown(document, &key, &value.span()),
                line: document.line(&name.span()),
                key,
            }),
        }
    }
}

/// The value as it was written. Secrets do not belong in the file; should an adapter take one
/// all the same, its key tells. A secret may also stand where the name of a variable or a file belongs.
fn shown(document: &Document<'_>, key: &str, span: &Range<usize>) -> String {
    const SECRET: [&str; 4] = ["secret", "password", "passphrase", "token"];
    let name = key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase();
    let written = document.text(span);
    let unquoted = written.trim_matches(['"', '\'']);
    let is_secret = SECRET.iter().any(|word| name.contains(word))
        || (name == "env" && shown_variable(unquoted) == "***")
        || (name == "file" && shown_file(unquoted) == "***");
    if is_secret { "***".into() } else { without_userinfo(written) }
}

/// An address without the name and password that may stand before its host.
fn without_userinfo(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rfind('@').and_then(|at| rest.get(at..)) {
        Some(from_host) => format!("{scheme}://***{from_host}"),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_userinfo;

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        for (written, shown) in [
            ("\"http://user:p@ss@proxy:3128/x\"", "\"http://***@proxy:3128/x\""),
            ("\"https://host/a@b\"", "\"https://host/a@b\""),
            ("\"a@b\"", "\"a@b\""),
        ] {
            assert_eq!(without_userinfo(written), shown);
        }
    }
}

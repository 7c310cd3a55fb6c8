//! Where the header begins, and which character separates the columns.

use super::unreadable::Unreadable;

/// Where the header begins, and the separator.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Where the first line after a byte order mark and a `sep=` line begins.
    pub(super) place: usize,
    pub(super) separator: u8,
}

pub(super) fn start(text: &str) -> Result<Start, Unreadable> {
    let body = text.trim_start_matches('\u{feff}');
    let mark = text.len() - body.len();
    let first = body.split_inclusive(['\r', '\n']).next().unwrap_or_default();
    let Some(named) = named_separator(first) else {
        return Ok(Start { place: mark, separator: most_frequent(body) });
    };
    match named.as_bytes() {
        // Other programs fill such a line up with separators.
        [separator, rest @ ..]
            if is_separator(*separator) && rest.iter().all(|byte| byte == separator) =>
        {
            let rest = body.get(first.len()..).unwrap_or_default();
            let line_feed = usize::from(first.ends_with('\r') && rest.starts_with('\n'));
            Ok(Start { place: mark + first.len() + line_feed, separator: *separator })
        }
        _ => Err(Unreadable("line 1: expected one separator, such as sep=;".into())),
    }
}

/// The text after `sep=` in the line with which Excel names the separator: `sep=;`.
fn named_separator(line: &str) -> Option<&str> {
    let line = line.trim_end_matches(['\r', '\n']);
    let bare = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    let named = bare.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    if named { bare.get(4..) } else { None }
}

fn is_separator(byte: u8) -> bool {
    byte == b'\t' || (byte.is_ascii_punctuation() && byte != b'"')
}

/// The separator that the header holds most of, outside of quotes.
fn most_frequent(text: &str) -> u8 {
    let names_something = |line: &&str| line.contains(char::is_alphanumeric);
    let header = text.split(['\r', '\n']).find(names_something).unwrap_or_default();
    let bare: String = header.split('"').step_by(2).collect();
    let count = |separator: u8| bare.bytes().filter(|byte| *byte == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_named_or_the_most_frequent() {
        let cases = [
            ("a,b\n1;2;3;4", 0, b','),
            ("a;b", 0, b';'),
            ("\u{feff}a\tb", 3, b'\t'),
            ("\"a,b,c\";d;e", 0, b';'),
            (",,,,\ra;b\r1,2,3", 0, b';'),
            ("sep=;\r\na,b,c", 7, b';'),
            ("\u{feff}\"SEP=|\"\na|b", 11, b'|'),
            ("sep=,,,,\na,b", 9, b','),
            ("separator,b", 0, b','),
        ];
        for (text, place, separator) in cases {
            assert_eq!(start(text), Ok(Start { place, separator }), "{text}");
        }
        for text in ["sep=", "sep=;,", "sep=ab\na,b", "sep=ü"] {
            assert!(start(text).is_err(), "{text}");
        }
    }
}

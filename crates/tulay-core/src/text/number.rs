//! The numbers that digits with separators may mean.

/// The most decimals that any currency of ISO 4217 has.
pub(super) const MOST_DECIMALS: usize = 4;

/// Whether a character may separate digits: a point, a comma, a blank, an apostrophe or `_`.
pub(super) fn is_separator(c: char) -> bool {
    class(c).is_some()
}

/// The plain spellings of all numbers that the text may mean in a currency of so many decimals
/// (`None`: not known): at most two. Without a spelling, the separators fit no number.
pub(super) fn readings(text: &str, decimals: Option<usize>) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for point in [None, Some('.'), Some(',')] {
        let read = split(text, point).filter(|number| number.is_likely(text, point, decimals));
        let plain = read.and_then(|number| number.plain(decimals));
        readings.extend(plain.filter(|plain| !readings.contains(plain)));
    }
    // 1.255 in a currency of two decimals: a thousand times the value that it has as it stands is
    // no repair of it.
    let is_other_value = readings.len() == 1 && may_be_thousands(text, '.');
    if is_other_value { Vec::new() } else { readings }
}

/// Whether one mark stands before the last three digits, and up to three others before it: `1.250`.
pub(super) fn may_be_thousands(text: &str, mark: char) -> bool {
    text.split_once(mark).is_some_and(|(whole, rest)| {
        is_group(rest) && digits(whole) && whole.len() <= 3 && !whole.starts_with('0')
    })
}

/// A number in parts, without separators of thousands.
pub(super) struct Number {
    pub(super) whole: String,
    pub(super) fraction: Option<String>,
    /// Whether its thousands are separated.
    grouped: bool,
}

/// The parts of a number whose decimals follow this mark; `None` where the text is no such number.
pub(super) fn split(text: &str, point: Option<char>) -> Option<Number> {
    let (whole, fraction) = match point {
        Some(point) => {
            let (whole, fraction) = text.rsplit_once(point)?;
            (whole, Some(fraction))
        }
        None => (text, None),
    };
    if fraction.is_some_and(|fraction| !digits(fraction)) {
        return None;
    }
    let mut marks = whole.chars().filter_map(class);
    let grouped = match marks.next() {
        Some(mark) if Some(mark) == point || marks.any(|other| other != mark) => return None,
        mark => mark.is_some(),
    };
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let bare = match groups.as_slice() {
        [""] if fraction.is_some() && point == Some('.') => "0".to_owned(),
        [whole] if digits(whole) => (*whole).to_owned(),
        groups if are_thousands(groups) || are_indian(groups, whole) => groups.concat(),
        _ => return None,
    };
    let leading_zero = bare.len() > 1 && bare.starts_with('0');
    (!leading_zero).then(|| Number { whole: bare, fraction: fraction.map(str::to_owned), grouped })
}

impl Number {
    /// Whether anyone writes the number so. More decimals than the currency has are zeros behind a
    /// point; behind a comma, three of them are rather a group whose start was mistyped.
    fn is_likely(&self, text: &str, point: Option<char>, decimals: Option<usize>) -> bool {
        let written = self.fraction.as_ref().map_or(0, String::len);
        let most = decimals.unwrap_or(MOST_DECIMALS);
        point != Some(',')
            || written <= most
            || (!self.grouped && may_be_thousands(text, ','))
            || (written == 3 && self.whole == "0")
    }

    /// As it is read without complaint; `None` where the currency has fewer decimals.
    fn plain(&self, decimals: Option<usize>) -> Option<String> {
        let Some(fraction) = &self.fraction else { return Some(self.whole.clone()) };
        let significant = fraction.trim_end_matches('0');
        let places = match (decimals, significant.len()) {
            (Some(decimals), needed) if needed > decimals => return None,
            (Some(decimals), _) => decimals,
            (None, needed) if needed > MOST_DECIMALS => return None,
            // Three decimals could be read as thousands again.
            (None, 3) => MOST_DECIMALS,
            (None, needed) => needed.max(2),
        };
        Some(match places {
            0 => self.whole.clone(),
            _ => format!("{}.{significant:0<places$}", self.whole),
        })
    }
}

pub(super) fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_group(text: &str) -> bool {
    text.len() == 3 && digits(text)
}

/// 1 234 567
fn are_thousands(groups: &[&str]) -> bool {
    groups.split_first().is_some_and(|(first, rest)| {
        digits(first) && first.len() <= 3 && !rest.is_empty() && rest.iter().all(|g| is_group(g))
    })
}

/// 12,34,567: as India and Pakistan write 1,234,567.
fn are_indian(groups: &[&str], whole: &str) -> bool {
    let [first, middle @ .., last] = groups else { return false };
    let pair = |group: &&str| group.len() == 2 && digits(group);
    whole.contains(',')
        && digits(first)
        && first.len() <= 2
        && !middle.is_empty()
        && middle.iter().all(pair)
        && is_group(last)
}

/// Marks that stand for each other, by one of them.
const fn class(c: char) -> Option<char> {
    match c {
        '.' | ',' | '_' => Some(c),
        ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' => Some(' '),
        '\'' | '’' | '‘' | '`' | '´' => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_of_a_number_is_found() {
        for (text, plain) in [
            ("2,375.00", &["2375.00"][..]),
            ("2.375,00", &["2375.00"]),
            ("2375,5", &["2375.50"]),
            ("23,75", &["23.75"]),
            ("2.375.000", &["2375000"]),
            ("2 375.00", &["2375.00"]),
            ("2\u{a0}375,00", &["2375.00"]),
            ("2'375.00", &["2375.00"]),
            ("2_375", &["2375"]),
            ("3,42,000.00", &["342000.00"]),
            ("20.000", &["20000", "20.00"]),
            ("2.370", &["2370", "2.37"]),
            ("2,370", &["2370", "2.37"]),
            ("2,375", &["2375"]),
            ("0,500", &["0.50"]),
            ("0.500", &["0.50"]),
            (".5", &["0.50"]),
            ("2375.000", &["2375.00"]),
            ("2.375", &[]),
            ("2375,000", &[]),
            ("2.37,00", &[]),
            ("2,3750", &[]),
            ("2.3.7", &[]),
            (",5", &[]),
            ("23 75", &[]),
            ("2,375,00", &[]),
            ("2 375,000", &[]),
            ("012,500", &[]),
        ] {
            assert_eq!(readings(text, Some(2)), plain, "{text}");
        }
        assert_eq!(readings("2.375", Some(3)), ["2375", "2.375"]);
        assert_eq!(readings("2.000", Some(0)), ["2000", "2"]);
        assert_eq!(readings("2.375", Some(0)), [""; 0]);
        assert_eq!(readings("2,375", Some(0)), ["2375"]);
        assert_eq!(readings("50.000", None), ["50000", "50.00"]);
        assert_eq!(readings("50.125", None), ["50125", "50.1250"]);
    }
}

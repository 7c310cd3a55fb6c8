//! Texts that are dates: spreadsheets make them of references and numbers.

use std::borrow::Cow;

/// The months as English, Indonesian, Malay, Tagalog, Thai and Russian write and abbreviate them,
/// in small letters and without points.
const MONTHS: &str = "\
    jan january januari enero ene มค มกราคม янв январь января \
    feb february februari pebrero peb กพ กุมภาพันธ์ фев февр февраль февраля \
    mar march maret mac marso มีค มีนาคม мар март марта \
    apr april abril abr เมย เมษายน апр апрель апреля \
    may mei mayo พค พฤษภาคม май мая \
    jun june juni hunyo hun มิย มิถุนายน июн июнь июня \
    jul july juli julai hulyo hul กค กรกฎาคม июл июль июля \
    aug august agustus agu agt ags ogos ogo agosto ago สค สิงหาคม авг август августа \
    sep sept september setyembre set กย กันยายน сен сент сентябрь сентября \
    oct october oktober okt oktubre ตค ตุลาคม окт октябрь октября \
    nov november nop nobyembre nob พย พฤศจิกายน ноя нояб ноябрь ноября \
    dec december desember des disember dis disyembre ธค ธันวาคม дек декабрь декабря";

/// Whether the text is a day and nothing else, with or without its year and time of day: `1-Nov`,
/// `Nov-26`, `01/11/2026`, `2026-11-01 00:00:00`.
pub(super) fn is_date(text: &str) -> bool {
    const LONGEST: usize = 40;
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let day = without_abbreviation_points(without_time(text.trim()));
    let separator = |c: char| "-/.,".contains(c) || c.is_whitespace();
    let mut parts = day.split(separator).filter(|part| !part.is_empty()).map(Part::of);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(second), None, None) => is_day_and_month(first, second),
        (Some(first), Some(second), Some(third), None) => {
            is_day_of_year(&day, first, second, third)
        }
        _ => false,
    }
}

#[derive(Clone, Copy)]
enum Part<'t> {
    /// Its value and how many digits it has.
    Number(u32, usize),
    Word(&'t str),
}

impl<'t> Part<'t> {
    fn of(text: &'t str) -> Self {
        match text.parse() {
            Ok(number) if !text.starts_with('+') => Self::Number(number, text.len()),
            _ => Self::Word(text),
        }
    }
}

/// `1-Nov`, or `Nov-26`, which is November 2026.
fn is_day_and_month(first: Part<'_>, second: Part<'_>) -> bool {
    match (first, second) {
        (Part::Number(day, 1 | 2), Part::Word(month)) => is_day(day) && is_month(month),
        (Part::Word(month), Part::Number(_, 1 | 2)) => is_month(month),
        _ => false,
    }
}

fn is_day_of_year(text: &str, first: Part<'_>, second: Part<'_>, third: Part<'_>) -> bool {
    match (first, second, third) {
        (Part::Number(day, 1 | 2), Part::Word(month), year)
        | (Part::Word(month), Part::Number(day, 1 | 2), year)
        | (year @ Part::Number(_, 4), Part::Word(month), Part::Number(day, 1 | 2)) => {
            is_day(day) && is_year(year) && is_month(month)
        }
        (Part::Number(a, digits), Part::Number(b, _), Part::Number(c, last)) => {
            let has_one_mark = ['-', '/', '.'].iter().any(|mark| text.matches(*mark).count() == 2);
            let is_in_order = match (digits, last) {
                (4, 1 | 2) => is_year(first) && fit(b, c),
                (1 | 2, _) => is_year(third) && fit(a, b),
                _ => false,
            };
            has_one_mark && is_in_order
        }
        _ => false,
    }
}

fn is_month(word: &str) -> bool {
    let word = word.to_lowercase();
    MONTHS.split(' ').any(|month| month == word)
}

const fn is_day(number: u32) -> bool {
    1 <= number && number <= 31
}

/// Buddhist years included: 2026 is 2569.
const fn is_year(part: Part<'_>) -> bool {
    match part {
        Part::Number(_, 2) => true,
        Part::Number(year, 4) => 1900 <= year && year <= 2699,
        _ => false,
    }
}

/// A day and a month in either order.
const fn fit(a: u32, b: u32) -> bool {
    is_day(a) && is_day(b) && (a <= 12 || b <= 12)
}

/// The text without a time of day behind its date.
fn without_time(text: &str) -> &str {
    let is_time = |rest: &str| {
        let rest = rest.trim_start();
        let allowed = |c: char| c.is_ascii_digit() || " :.+-ZAPMapm".contains(c);
        rest.contains(':')
            && rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(allowed)
    };
    if !text.contains(':') {
        return text;
    }
    let mut places = text.match_indices([' ', 'T', ',', '\u{a0}']);
    let place = places.find(|(at, mark)| text.get(at + mark.len()..).is_some_and(is_time));
    place.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Without the points that abbreviate a month: `พ.ย.`, `нояб.`
fn without_abbreviation_points(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut bare = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '.' || bare.chars().next_back().is_none_or(|last| last.is_ascii()) {
            bare.push(c);
        }
    }
    Cow::Owned(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_spreadsheets_and_programs_are_dates() {
        for date in [
            "1-Nov",
            "Nov-26",
            "03-jan",
            "01-Nov-2026",
            "1-Mei",
            "31-Des",
            "7-Okt-26",
            "1-Mac",
            "5-Ogos",
            "Dis-26",
            "12-Mayo-2026",
            "2-Nob",
            "1/11/2026",
            "11/1/26",
            "01.11.2026",
            "2026-11-01",
            "2026/11/1",
            "2026-Nov-01",
            "2026-11-01 00:00:00",
            "2026-11-01T00:00:00Z",
            "2026-11-01T08:30:00.000+08:00",
            "1/11/2026 12:00:00 AM",
            "1 Nov 2026",
            "Nov 1, 2026",
            "1-พ.ย.-69",
            "1 พ.ย. 2569",
            "01-พ.ย.",
            "1-ноя",
            "01 нояб. 2026",
            "1 ноября 2026",
            "10-11-12",
        ] {
            assert!(is_date(date), "{date}");
        }
    }

    #[test]
    fn references_with_numbers_and_months_are_no_dates() {
        for reference in [
            "INV-1",
            "NOV-2026-1",
            "1-Nov-A",
            "2026-11",
            "Nov",
            "123-Nov",
            "INV-2026-11",
            "NOV-001",
            "MAY-2026-003",
            "2026-11-001",
            "1-A",
            "E10",
            "20261101",
            "0-Nov",
            "32-Nov",
            "1-2-3",
            "2026-13-45",
            "99-11-2026",
            "2026-11-01-A",
            "10-11-12-13",
            "1/11",
            "Nov-2026",
            "",
            "-",
            "1--",
            "12:30",
            "T1:1",
            "1250.00.5",
        ] {
            assert!(!is_date(reference), "{reference}");
        }
    }
}

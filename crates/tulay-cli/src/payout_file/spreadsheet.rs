//! What spreadsheets make of texts that look like dates to them.

/// `1-Nov`, `Nov-26`: a date as a spreadsheet abbreviates it.
pub(super) fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let Some((first, last)) = text.split_once('-') else { return false };
    let number = |part: &str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let month = |part: &str| MONTHS.contains(&part.to_ascii_lowercase().as_str());
    (number(first) && month(last)) || (month(first) && number(last))
}

pub(super) fn destroyed_reference() -> String {
    "a spreadsheet destroyed this reference; format the column as text and enter it again".into()
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn only_what_a_spreadsheet_writes_is_a_date() {
        for date in ["1-Nov", "Nov-26", "03-jan"] {
            assert!(is_date(date), "{date}");
        }
        for reference in ["INV-1", "NOV-2026-1", "1-Nov-A", "2026-11", "Nov", "123-Nov"] {
            assert!(!is_date(reference), "{reference}");
        }
    }
}

//! Manila time: eight hours ahead of UTC all year round.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{TimeZone, offset},
};

const DIGITS: &str = "%Y%m%d%H%M%S";

/// `yyyyMMddHHmmss`, as 6.1 takes it (the zone is an assumption).
pub(crate) fn digits(at: Timestamp) -> String {
    at.to_zoned(zone()).strftime(DIGITS).to_string()
}

/// A time as the platform writes it: with its offset (6.2), or without one.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let civil = || {
        let all_digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
        let read = if all_digits { DateTime::strptime(DIGITS, text) } else { text.parse() };
        read.ok()?.to_zoned(zone()).ok().map(|zoned| zoned.timestamp())
    };
    text.parse().ok().or_else(civil)
}

fn zone() -> TimeZone {
    TimeZone::fixed(offset(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_manila_s_in_and_out() {
        let at: Timestamp = "2026-11-20T16:05:09Z".parse().unwrap();
        assert_eq!(digits(at), "20261121000509");
        for text in ["2026-11-21T00:05:09+08:00", "20261121000509", "2026-11-21T00:05:09"] {
            assert_eq!(read(text), Some(at), "{text}");
        }
        for text in ["", "tomorrow", "2026112100050", "20261321000509"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

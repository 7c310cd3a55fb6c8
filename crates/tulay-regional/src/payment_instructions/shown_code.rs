//! The text of a QR code that a payer is to be shown: what it asks for, or that it is none.

use crate::profile::Profile;
use tulay_core::{Channel, Currency, Money};
use tulay_qr::{Id, Payload, SbpLink};

/// Why something cannot be shown to a payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It is not what `channelType` says it is.
    Unreadable,
    /// It asks for another amount, or in another currency.
    OtherAmount,
}

/// Checks the text of a code: it asks for this amount, in the country's currency, and neither tip
/// nor fee, so that a payer cannot pay another amount by it. `amount` is `None` where the payer
/// chooses.
///
/// A code of the channel `qr` is by definition one of the country's scheme: EMVCo's, or in Russia a
/// link of SBP. By another channel it may be a wallet's own, which is returned unread; but a payment
/// code in disguise is refused, since a phone may read it all the same.
pub(super) fn check(
    profile: &Profile,
    channel: Channel,
    amount: Option<Money>,
    text: &str,
) -> Result<(), Unusable> {
    if let Ok(link) = SbpLink::parse(text) {
        // What a link carries beside visible characters is in none of its values.
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        return if visible {
            check_link(profile, amount, &link)
        } else {
            Err(Unusable::Unreadable)
        };
    }
    match Payload::parse(text) {
        Ok(payload) => check_payload(profile, amount, &payload),
        Err(_) if channel == Channel::Qr || is_payment_code(text) => Err(Unusable::Unreadable),
        Err(_) => Ok(()),
    }
}

/// Whether a text is a payment code, or becomes one by a lenient reading: without blanks around it,
/// without characters that nothing shows, or with its objects in another order.
pub(super) fn is_payment_code(text: &str) -> bool {
    let visible: String = text.chars().filter(|character| !has_no_width(*character)).collect();
    let visible = visible.trim();
    SbpLink::looks_like(visible)
        || SbpLink::parse(visible).is_ok()
        || Payload::parse_leniently(visible).is_ok()
        || are_objects(visible)
}

fn check_link(
    profile: &Profile,
    amount: Option<Money>,
    link: &SbpLink<'_>,
) -> Result<(), Unusable> {
    // A link that names no currency is in roubles.
    let in_roubles = link.currency().is_none_or(|currency| currency == "RUB");
    if profile.currency != Currency::RUB || !in_roubles {
        return Err(Unusable::OtherAmount);
    }
    let stated = link.sum().and_then(|sum| i64::try_from(sum).ok());
    let agrees = match (stated, amount) {
        (Some(sum), Some(amount)) => sum == amount.minor(),
        // A sum that cannot be read is no missing one.
        (None, _) => link.parameter("sum").is_none(),
        (Some(_), None) => true,
    };
    if agrees { Ok(()) } else { Err(Unusable::OtherAmount) }
}

fn check_payload(
    profile: &Profile,
    amount: Option<Money>,
    payload: &Payload<'_>,
) -> Result<(), Unusable> {
    if profile.currency == Currency::RUB
        || payload.country().is_some_and(|country| country != profile.country.as_str())
    {
        return Err(Unusable::OtherAmount);
    }
    let Some(currency) = payload.currency() else { return Err(Unusable::Unreadable) };
    if currency.letters() != Some(profile.currency.as_str()) {
        return Err(Unusable::OtherAmount);
    }
    // One that cannot be read may cost something too.
    let adds = [Id::TIP_INDICATOR, Id::FEE_FIXED, Id::FEE_PERCENT];
    if adds.into_iter().any(|id| payload.get(id).is_some()) {
        return Err(Unusable::OtherAmount);
    }
    if payload.amount().is_none() && payload.get(Id::AMOUNT).is_some() {
        return Err(Unusable::Unreadable);
    }
    let stated = payload.amount().map(|stated| Money::parse(stated.text(), profile.currency));
    match (stated, amount) {
        (Some(Ok(stated)), Some(amount)) if stated == amount => Ok(()),
        // Without an amount in it the payer would choose one.
        (None, None) => Ok(()),
        _ => Err(Unusable::OtherAmount),
    }
}

/// Whether a text is made of EMVCo's objects from its beginning to its end, in any order: an ID of
/// two digits, a length of two digits, and so many characters.
fn are_objects(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let mut rest = &characters[..];
    let mut objects = 0;
    while let [a, b, c, d, after @ ..] = rest {
        let digits = [a, b, c, d].map(|character| character.to_digit(10));
        let [Some(_), Some(_), Some(tens), Some(ones)] = digits else { return false };
        let Some(next) = usize::try_from(tens * 10 + ones).ok().and_then(|end| after.get(end..))
        else {
            return false;
        };
        (rest, objects) = (next, objects + 1);
    }
    // A short number may look like an object or two.
    rest.is_empty() && objects > 3
}

/// Controls but for white space, and characters without a width of their own.
fn has_no_width(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::subsequence};
    use tulay_core::Country;

    /// Characters that nothing shows: before or after a code, or anywhere in it.
    const HIDDEN: [&str; 7] =
        ["\u{200b}", "\u{feff}", "\u{2060}", "\u{202e}", "\u{ad}", "\u{0}", "\u{200d}"];

    /// Blanks: before or after a code.
    const BLANKS: [&str; 5] = [" ", "\t", "\n", "\u{a0}", "\u{3000}"];

    const CHANNELS: [Channel; 3] = [Channel::Qr, Channel::Redirect, Channel::InApp];

    fn object(id: &str, value: &str) -> String {
        format!("{id}{:02}{value}", value.len())
    }

    /// The objects of a code without its checksum.
    fn objects(country: &str, currency: &str, amount: &str) -> Vec<String> {
        vec![
            object("00", "01"),
            object("01", "12"),
            object("26", &[object("00", "example.acquirer"), object("01", "SHOP7")].concat()),
            object("52", "5999"),
            object("53", currency),
            object("54", amount),
            object("58", country),
            object("59", "SANDBOX SHOP"),
            object("60", "Town"),
        ]
    }

    fn closed(objects: &[String]) -> String {
        let body = format!("{}6304", objects.concat());
        format!("{body}{:04X}", tulay_qr::crc16(body.as_bytes()))
    }

    fn places() -> impl Strategy<Value = (Country, Currency, &'static str)> {
        prop::sample::select(vec![
            (Country::PH, Currency::PHP, "608"),
            (Country::ID, Currency::IDR, "360"),
            (Country::MY, Currency::MYR, "458"),
            (Country::TH, Currency::THB, "764"),
        ])
    }

    #[test]
    fn a_code_of_the_country_s_scheme_is_read_strictly() {
        let profile = Profile::of(Country::PH).unwrap();
        let asked = Some(Money::from_minor(95_000, Currency::PHP));
        let right = closed(&objects("PH", "608", "950.00"));
        for channel in CHANNELS {
            assert_eq!(check(profile, channel, asked, &right), Ok(()));
        }
        let no_currency: Vec<String> = objects("PH", "608", "950.00")
            .into_iter()
            .filter(|object| !object.starts_with("53"))
            .collect();
        for (text, why) in [
            (closed(&objects("PH", "608", "9999.99")), Unusable::OtherAmount),
            (closed(&objects("PH", "360", "950.00")), Unusable::OtherAmount),
            (closed(&objects("ID", "608", "950.00")), Unusable::OtherAmount),
            (closed(&no_currency), Unusable::Unreadable),
            (right.replace("950.00", "950.01"), Unusable::Unreadable),
            (right.to_lowercase(), Unusable::Unreadable),
        ] {
            for channel in CHANNELS {
                assert_eq!(check(profile, channel, asked, &text), Err(why), "{text}");
            }
        }
        // By another channel a wallet shows codes of its own.
        for own in ["https://qr.wallet.example/7f3a", "wxp://f2f0abc", "281666040099hr4l48MSF31"] {
            assert_eq!(check(profile, Channel::Redirect, asked, own), Ok(()), "{own}");
            assert_eq!(check(profile, Channel::Qr, asked, own), Err(Unusable::Unreadable), "{own}");
        }
    }

    #[test]
    fn a_russian_code_is_a_link_of_sbp() {
        let profile = Profile::of(Country::RU).unwrap();
        let asked = Some(Money::from_minor(95_000, Currency::RUB));
        let link = "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?type=02&bank=100000000111&sum=95000&cur=RUB&crc=1A23";
        assert_eq!(check(profile, Channel::Qr, asked, link), Ok(()));
        let disguised: Vec<String> = HIDDEN
            .iter()
            .chain(&BLANKS)
            .flat_map(|hidden| [format!("{hidden}{link}"), format!("{link}{hidden}")])
            .collect();
        for text in disguised {
            for channel in CHANNELS {
                assert!(check(profile, channel, asked, &text).is_err(), "{text:?}");
            }
        }
        let emv = closed(&objects("RU", "643", "950.00"));
        assert!(check(profile, Channel::Qr, asked, &emv).is_err());
        assert!(check(profile, Channel::Qr, asked, "https://pay.example/7").is_err());
    }

    #[test]
    fn numbers_of_accounts_are_no_codes() {
        for text in ["8808012345678", "00020101", "9999", "1234567890123456", "ABC-123", "0"] {
            assert!(!is_payment_code(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_hidden_character_hides_no_amount(
            (country, currency, digits) in places(),
            asked in 1_i64..9_000_000,
            more in 1_i64..9_000_000,
            hidden in prop::sample::select([&HIDDEN[..], &BLANKS].concat()),
            at: prop::sample::Index,
            place in 0..3_u8,
            repeated in 1_usize..4,
        ) {
            let profile = Profile::of(country).unwrap();
            let asked = Money::from_minor(asked * 100, currency);
            let other = Money::from_minor(asked.minor() + more * 100, currency);
            let mut text = closed(&objects(country.as_str(), digits, &other.amount_text()));
            let at = [0, text.len(), at.index(text.len() + 1)][usize::from(place)];
            let around = at == 0 || at == text.len();
            text.insert_str(at, &hidden.repeat(repeated));
            for channel in CHANNELS {
                // A blank within a code makes it unreadable for every phone.
                if channel == Channel::Qr || around || HIDDEN.contains(&hidden) {
                    prop_assert!(check(profile, channel, Some(asked), &text).is_err(), "{text:?}");
                }
            }
        }

        #[test]
        fn another_order_of_objects_hides_no_amount(
            (country, currency, digits) in places(),
            order in Just((0..9).collect::<Vec<usize>>()).prop_shuffle(),
            left in subsequence((0..9).collect::<Vec<usize>>(), 4..=9),
            closes: bool,
        ) {
            let profile = Profile::of(country).unwrap();
            let asked = Money::from_minor(95_000, currency);
            let objects = objects(country.as_str(), digits, "9999.00");
            // The amount stays, or there is nothing to hide.
            let picked: Vec<String> = order
                .iter()
                .filter(|index| left.contains(index) || **index == 5)
                .filter_map(|index| objects.get(*index).cloned())
                .collect();
            let text = if closes { closed(&picked) } else { picked.concat() };
            for channel in CHANNELS {
                prop_assert!(check(profile, channel, Some(asked), &text).is_err(), "{text}");
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let profile = Profile::of(Country::PH).unwrap();
            let _ = check(profile, Channel::Redirect, None, &text);
        }
    }
}

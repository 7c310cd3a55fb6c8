//! What holds for every text.

use crate::vector;
use proptest::{prelude::*, sample::select};
use tulay_qr::{
    Draft, Id, Payload, PointOfInitiation, inspect, inspect_leniently, lookalike, promptpay, qrph,
    validate,
};

fn valid() -> impl Strategy<Value = String> {
    let payloads = vector::valid_payloads();
    select(payloads.iter().map(|vector| vector.payload().to_owned()).collect::<Vec<_>>())
}

/// Two-digit headers, so that something is read.
fn objects() -> impl Strategy<Value = String> {
    let object = ("[0-9]{2}", "\\PC{0,12}")
        .prop_map(|(id, value)| format!("{id}{:02}{value}", value.chars().count()));
    prop::collection::vec(object, 0..12).prop_map(|objects| objects.concat())
}

proptest! {
    #[test]
    fn reading_never_panics_and_offsets_lie_within(text in prop_oneof![any::<String>(), objects()]) {
        for seen in [inspect(&text), inspect_leniently(&text)] {
            for error in &seen.findings.errors {
                prop_assert!(text.is_char_boundary(error.byte_offset) || error.byte_offset >= text.len());
                prop_assert!(error.offset <= text.chars().count());
                let before = text.get(..error.byte_offset).unwrap_or(&text);
                prop_assert_eq!(before.chars().count(), error.offset);
            }
        }
        let _ = lookalike(&text);
    }

    #[test]
    fn what_is_accepted_is_given_back(text in prop_oneof![valid(), objects()]) {
        if let Ok(payload) = Payload::parse(&text) {
            prop_assert_eq!(payload.to_string(), text.clone());
            prop_assert_eq!(payload.edit().finish().text, text);
        }
    }

    #[test]
    fn one_changed_character_is_an_error_or_another_meaning(
        text in valid(),
        at in any::<prop::sample::Index>(),
        new in prop_oneof![prop::char::range(' ', '~'), any::<char>()],
    ) {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        prop_assume!(characters[at] != new);
        characters[at] = new;
        let changed: String = characters.into_iter().collect();
        // The CRC finds every single change of up to 16 bits in a row.
        let seen = inspect(&changed);
        prop_assert!(!seen.is_valid());
        let seen = inspect_leniently(&changed);
        if seen.is_valid() {
            // A change of case in the CRC, or to white space at an end, is no other meaning.
            prop_assert!(!seen.leniencies.is_empty());
        }
    }

    #[test]
    fn one_changed_character_under_a_new_crc_is_an_error_or_another_meaning(
        text in valid(),
        at in any::<prop::sample::Index>(),
        new in prop::char::range(' ', '~'),
    ) {
        let mut characters: Vec<char> = text.chars().take(text.chars().count() - 4).collect();
        let at = at.index(characters.len());
        prop_assume!(characters[at] != new);
        characters[at] = new;
        let hashed: String = characters.into_iter().collect();
        let changed = format!("{hashed}{:04X}", tulay_qr::crc16(hashed.as_bytes()));
        if let Ok(payload) = Payload::parse(&changed) {
            let values = |payload: &Payload<'_>| -> Vec<_> {
                payload.objects().map(|o| (o.id(), o.value().to_owned())).collect()
            };
            prop_assert_ne!(values(&payload), values(&Payload::parse(&text).unwrap()));
        }
    }

    #[test]
    fn edits_keep_a_valid_code_valid(
        text in valid(),
        amount in "[1-9][0-9]{0,6}",
        reference in "[ -~]{1,20}",
        dynamic in any::<bool>(),
    ) {
        let initiation =
            if dynamic { PointOfInitiation::Dynamic } else { PointOfInitiation::Keep };
        let payload = Payload::parse(&text).unwrap();
        let edited = payload.edit().set_amount(&amount, initiation).unwrap();
        let edited = edited.clone().set_reference(&reference, initiation).unwrap_or(edited).finish().text;
        prop_assert_eq!(validate(&edited).errors, []);
        let edited = Payload::parse(&edited).unwrap();
        prop_assert_eq!(edited.amount().unwrap().text(), amount);
        prop_assert_eq!(edited.scheme(), payload.scheme());
    }

    #[test]
    fn build_parse_build(
        acquirer in "[A-Z]{8}XXX",
        merchant_id in prop::option::of("[!-~]{1,25}"),
        account in prop::option::of("[0-9]{1,19}"),
        amount in prop::option::of("[1-9][0-9]{0,5}(\\.[0-9]{1,2})?"),
        category in "[0-9]{4}",
        name in "[ -~]{1,25}",
        city in "[ -~]{1,15}",
        reference in "[ -~]{1,25}",
    ) {
        let account = qrph::P2m {
            acquirer: &acquirer,
            merchant_id: merchant_id.as_deref(),
            account: account.as_deref(),
            ..Default::default()
        };
        let additional = [(Id::new(5).unwrap(), reference.as_str())];
        let draft = Draft {
            amount: amount.as_deref(),
            category_code: Some(&category),
            merchant_name: Some(&name),
            merchant_city: Some(&city),
            additional: &additional,
            ..Default::default()
        };
        let built = account.build(&draft);
        prop_assume!(built.is_ok()); // Together the values may be too long.
        let built = built.unwrap();
        let payload = Payload::parse(&built).unwrap();
        prop_assert_eq!(payload.validate().errors, []);
        prop_assert_eq!(qrph::P2m::of(&payload), Some(account));
        let again = Draft {
            amount: payload.amount().map(|amount| amount.text()),
            category_code: payload.category_code(),
            merchant_name: payload.merchant_name(),
            merchant_city: payload.merchant_city(),
            additional: &[(Id::new(5).unwrap(), payload.additional().reference_label().unwrap().text())],
            ..Default::default()
        };
        prop_assert_eq!(qrph::P2m::of(&payload).unwrap().build(&again).unwrap(), built);
    }

    #[test]
    fn receivers_are_read_as_they_were_written(number in "0[689][0-9]{8}", satang in 1_u32..=99_999_999) {
        let receiver = promptpay::Receiver::mobile(&number).unwrap();
        let amount = format!("{}.{:02}", satang / 100, satang % 100);
        let text = receiver.build(&Draft { amount: Some(&amount), ..Default::default() }).unwrap();
        let payload = Payload::parse(&text).unwrap();
        prop_assert_eq!(payload.minor_units(), Some(u64::from(satang)));
        prop_assert_eq!(promptpay::Receiver::of(&payload), Some(receiver));
    }
}

/// Not by chance, but every one of them.
#[test]
fn every_single_byte_changed_to_another_digit_or_letter_is_found() {
    for vector in vector::valid_payloads() {
        let text = vector.payload();
        for (at, old) in text.char_indices() {
            for new in ['0', '9', 'A', ' '].into_iter().filter(|new| *new != old) {
                let changed = format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..]);
                assert!(!validate(&changed).is_valid(), "{} {at} {new}", vector.name());
            }
        }
    }
}

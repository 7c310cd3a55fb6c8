//! Payment QR codes: reading, checking, building and drawing, beside `promptparse`.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;

use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use std::hint::black_box;
use tulay_qr::{Draft, Id, Payload, Symbol, crc16, promptpay::Receiver, qrph, validate};

/// A QR Ph code of 185 bytes, which `promptparse` reads too.
fn qr_ph() -> String {
    let text = qr_ph_account().build(&qr_ph_draft()).unwrap();
    assert_eq!(text.len(), 185);
    text
}

fn qr_ph_account() -> qrph::P2m<'static> {
    qrph::P2m {
        acquirer: "GXCHPHM2XXX",
        merchant_id: Some("217020000054698716099"),
        flags: Some("000"),
        ..Default::default()
    }
}

fn qr_ph_draft() -> Draft<'static> {
    Draft {
        amount: Some("1250.00"),
        category_code: Some("5814"),
        merchant_name: Some("S and R"),
        merchant_city: Some("Taguig"),
        postal_code: Some("1630"),
        additional: additional(),
        ..Draft::default()
    }
}

fn additional() -> &'static [(Id, &'static str)] {
    static ADDITIONAL: std::sync::OnceLock<Vec<(Id, &'static str)>> = std::sync::OnceLock::new();
    let id = |number| Id::new(number).unwrap();
    ADDITIONAL.get_or_init(|| vec![(id(0), "ph.ppmi.qrph"), (id(3), "SRSU002"), (id(8), "***")])
}

fn read(criterion: &mut Criterion) {
    let text = qr_ph();
    let cases = vec![
        Case::new("promptparse", 2000, |times| {
            for _ in 0..times {
                black_box(promptparse::parse(black_box(&text), true, true).unwrap());
            }
        }),
        Case::new("parse", 4000, |times| {
            for _ in 0..times {
                black_box(Payload::parse(black_box(&text)).unwrap());
            }
        }),
        Case::new("parse and validate", 4000, |times| {
            for _ in 0..times {
                let payload = Payload::parse(black_box(&text)).unwrap();
                assert!(black_box(payload.validate()).is_valid());
            }
        }),
        Case::new("validate a text of any kind", 4000, |times| {
            for _ in 0..times {
                assert!(black_box(validate(black_box(&text))).is_valid());
            }
        }),
        Case::new("the CRC alone", 4000, |times| {
            for _ in 0..times {
                black_box(crc16(black_box(text.as_bytes())));
            }
        }),
    ];
    compare(criterion, "read 185 bytes of QR Ph", cases);
}

/// The codes from the field that `promptparse` reads without a panic: those of ASCII.
fn read_all(criterion: &mut Criterion) {
    let vectors = include_str!("../../crates/tulay-qr/tests/qr.json");
    let vectors: Vec<serde_json::Value> = serde_json::from_str(vectors).unwrap();
    let texts: Vec<String> = vectors
        .iter()
        .filter(|vector| vector["valid"] == true && vector["scheme"] != "sbp")
        .filter_map(|vector| vector["payload"].as_str())
        .filter(|text| text.is_ascii() && promptparse::parse(text, true, true).is_some())
        .map(str::to_owned)
        .collect();
    assert!(texts.len() > 50, "{}", texts.len());
    let cases = vec![
        Case::new("promptparse", 30, |times| {
            for _ in 0..times {
                for text in &texts {
                    black_box(promptparse::parse(black_box(text), true, true).unwrap());
                }
            }
        }),
        Case::new("parse", 60, |times| {
            for _ in 0..times {
                for text in &texts {
                    black_box(Payload::parse(black_box(text)).unwrap());
                }
            }
        }),
    ];
    compare(criterion, "read every code that both accept", cases);
}

fn build(criterion: &mut Criterion) {
    let mut buffer = String::with_capacity(512);
    let mut short = String::with_capacity(512);
    let (account, draft) = (qr_ph_account(), qr_ph_draft());
    let receiver = Receiver::mobile("0812345678").unwrap();
    let cases = vec![
        Case::new("QR Ph, 185 bytes", 4000, |times| {
            for _ in 0..times {
                buffer.clear();
                black_box(&account).write_to(black_box(&draft), &mut buffer).unwrap();
                black_box(&buffer);
            }
        }),
        Case::new("PromptPay, 84 bytes", 4000, |times| {
            let draft = Draft { amount: Some("20.15"), ..Draft::default() };
            for _ in 0..times {
                short.clear();
                black_box(&receiver).write_to(black_box(&draft), &mut short).unwrap();
                black_box(&short);
            }
        }),
    ];
    compare(criterion, "build into a buffer", cases);
}

fn draw(criterion: &mut Criterion) {
    let text = qr_ph();
    let symbol = Symbol::new(&text).unwrap();
    // Version 10 holds 185 bytes; of version 9, 180.
    let nine = &text[..180];
    assert_eq!(Symbol::new(nine).unwrap().size(), 53);
    let cases = vec![
        Case::new("symbol of version 9 and SVG", 20, |times| {
            for _ in 0..times {
                black_box(Symbol::new(black_box(nine)).unwrap().to_svg());
            }
        }),
        Case::new("SVG alone, version 10", 50, |times| {
            for _ in 0..times {
                black_box(symbol.to_svg());
            }
        }),
    ];
    compare(criterion, "draw", cases);
}

/// Texts that have as many findings as there can be: the time grows with the length, no faster.
fn worst(criterion: &mut Criterion) {
    let text = |length: usize| -> String {
        "000201".chars().chain("62080104abcd".chars().cycle()).take(length).collect()
    };
    let texts = [537, 1074, 2148, 4296].map(text);
    let names = ["537 characters", "1,074", "2,148", "4,296, the most"];
    let cases = names.iter().zip(&texts).map(|(name, text)| {
        Case::new(name, 20, move |times| {
            for _ in 0..times {
                assert!(!black_box(validate(black_box(text))).is_valid());
            }
        })
    });
    compare(criterion, "say all that is wrong with a bad text", cases.collect());
}

criterion_group!(benches, read, read_all, build, draw, worst);
criterion_main!(benches);

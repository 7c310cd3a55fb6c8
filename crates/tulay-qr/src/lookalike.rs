//! Texts of QR codes and of files that are often taken for payment codes read here.

use crate::{error::kinds, object::Objects};
use core::fmt;

kinds! {
    /// What a text is that is no code of this crate. `Display` says it in a sentence.
    Lookalike;
    /// The code on a Thai transfer slip.
    ThaiSlip = "thai_slip", "the code of a Thai transfer slip: a receipt, which can not be paid";
    /// Bank of Thailand's barcode for bills.
    BotBarcode = "bot_barcode", "a Thai bill's barcode, which `BotBarcode` reads";
    /// A text with payment details by the Russian standard GOST R 56042.
    Gost = "gost_st00012", "payment details by GOST R 56042 (ST00012), paid by bank transfer";
    /// Pakistan's Raast transfers, which begin like DuitNow.
    Raast = "raast_p2p", "a Raast transfer of Pakistan, which is no EMVCo code";
    /// A European credit transfer.
    Epc = "epc", "a SEPA credit transfer (EPC069-12)";
    /// A Swiss bill.
    SwissBill = "swiss_bill", "a Swiss QR bill (SPC)";
    /// India's payment address.
    Upi = "upi", "a UPI payment address of India";
    /// A payment address of a cryptocurrency.
    CryptoCurrency = "cryptocurrency", "a payment address of a cryptocurrency";
    /// An address on the web.
    Url = "url", "an address on the web";
    /// An e-mail address or message.
    Email = "email", "an e-mail address";
    /// The access to a wireless network.
    WiFi = "wifi", "the access to a Wi-Fi network";
    /// A visiting card.
    Contact = "contact", "a visiting card";
    /// A telephone number or short message.
    Telephone = "telephone", "a telephone number or a short message";
    /// A place on the map.
    Place = "place", "a place on the map";
    /// An entry for a calendar.
    Event = "event", "an entry for a calendar";
    /// A key or certificate.
    Pem = "pem", "a key or certificate in PEM";
    /// A key without its PEM lines.
    Base64Key = "base64_key", "base64 of a key or certificate";
    /// A page of the web.
    Html = "html", "HTML or XML";
    /// JSON.
    Json = "json", "JSON";
    /// A table.
    Csv = "csv", "a table of several lines (CSV)";
}

/// How texts begin, whatever the case of their letters.
const BEGINNINGS: &[(&str, Lookalike)] = &[
    // ST00011 to ST00013 differ in their character set alone.
    ("ST0001", Lookalike::Gost),
    ("BCD\n00", Lookalike::Epc),
    ("BCD\r\n00", Lookalike::Epc),
    ("SPC\n0", Lookalike::SwissBill),
    ("SPC\r\n0", Lookalike::SwissBill),
    ("upi:", Lookalike::Upi),
    ("bitcoin:", Lookalike::CryptoCurrency),
    ("ethereum:", Lookalike::CryptoCurrency),
    ("tron:", Lookalike::CryptoCurrency),
    ("mailto:", Lookalike::Email),
    ("matmsg:", Lookalike::Email),
    ("wifi:", Lookalike::WiFi),
    ("begin:vcard", Lookalike::Contact),
    ("mecard:", Lookalike::Contact),
    ("bizcard:", Lookalike::Contact),
    ("tel:", Lookalike::Telephone),
    ("sms:", Lookalike::Telephone),
    ("smsto:", Lookalike::Telephone),
    ("geo:", Lookalike::Place),
    ("begin:vevent", Lookalike::Event),
    ("begin:vcalendar", Lookalike::Event),
    ("-----BEGIN ", Lookalike::Pem),
    ("MII", Lookalike::Base64Key),
    ("<", Lookalike::Html),
    ("{", Lookalike::Json),
    ("[", Lookalike::Json),
    ("www.", Lookalike::Url),
];

/// What a text is, if it is known to be something else than a code read here.
///
/// ```
/// use tulay_qr::{Lookalike, lookalike};
/// assert_eq!(lookalike("ST00012|Name=…|PersonalAcc=…"), Some(Lookalike::Gost));
/// assert_eq!(lookalike("WIFI:S:Cafe;T:WPA;P:…;;"), Some(Lookalike::WiFi));
/// ```
#[must_use]
pub fn lookalike(text: &str) -> Option<Lookalike> {
    let text = text.trim().trim_start_matches('\u{FEFF}');
    let begins = |with: &str| {
        let beginning = text.as_bytes().get(..with.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(with.as_bytes()))
    };
    if let Some((_, lookalike)) = BEGINNINGS.iter().find(|(beginning, _)| begins(beginning)) {
        return Some(*lookalike);
    }
    if text.split('?').next().is_some_and(|address| address.contains("://")) {
        return Some(Lookalike::Url);
    }
    if is_email(text) {
        return Some(Lookalike::Email);
    }
    if is_bot_barcode(text) {
        return Some(Lookalike::BotBarcode);
    }
    of_objects(text).or_else(|| is_table(text).then_some(Lookalike::Csv))
}

fn of_objects(text: &str) -> Option<Lookalike> {
    let mut objects = Objects::of(text);
    let first = objects.next()?;
    let number = first.id().number();
    // 00 holds the slip's reference as objects; the checksum is in 91.
    if number == 0 && first.value().starts_with("0006000001") {
        return Some(Lookalike::ThaiSlip);
    }
    // Raast transfers: 00 is 02, and an account number of 24 characters that begins with PK.
    let is_account = |value: &str| value.len() == 24 && value.starts_with("PK");
    let raast = number == 0 && first.value() == "02" && objects.any(|o| is_account(o.value()));
    raast.then_some(Lookalike::Raast)
}

/// `|`, the biller's 13 or 15 digits, and a line end, which copying may have changed.
fn is_bot_barcode(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('|') else { return false };
    let biller = rest.split(['\r', '\n', ' ']).next().unwrap_or_default();
    matches!(biller.len(), 13 | 15) && biller.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let usual = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    !name.is_empty() && name.chars().all(usual) && domain.contains('.') && domain.chars().all(usual)
}

/// Two lines or more, each with the same separator.
fn is_table(text: &str) -> bool {
    // A code that was broken over several lines.
    if text.starts_with("0002") {
        return false;
    }
    let has = |separator: char| text.lines().take(4).all(|line| line.contains(separator));
    text.lines().nth(1).is_some() && [',', ';', '\t', '|'].into_iter().any(has)
}

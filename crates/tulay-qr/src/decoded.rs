//! What was read, for other programs: one shape for codes and links.

use crate::{
    account::Account,
    error::Error,
    id::Id,
    inspect::{Content, Inspection},
    object::{Object, Objects},
    payload::Payload,
    sbp::{SbpLink, SbpPurpose},
    scheme::is_opaque,
    warning::Warning,
};
use alloc::{
    format,
    string::{String, ToString},
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq, SerializeStruct},
};

/// Members: `valid scheme kind initiation amount currency country merchant_name merchant_city mcc
/// accounts additional crc errors warnings`, and what more there is. What is absent is `null`, or
/// `{}` for templates; of a text that is no code, everything is. Amounts, currencies and codes are the text of the code; of an SBP link the
/// amount is in roubles.
impl Serialize for Inspection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let payload = match &self.content {
            Some(Content::Payload(payload)) if self.is_code() => Some(payload),
            _ => None,
        };
        let link = match &self.content {
            Some(Content::Sbp(link)) => Some(link),
            _ => None,
        };
        let value = |id| payload.and_then(|payload| payload.value(id));
        let mut map = serializer.serialize_struct("Inspection", 25)?;
        map.serialize_field("valid", &self.is_valid())?;
        map.serialize_field("scheme", self.scheme().name())?;
        let kind = payload.map(|payload| payload.kind().name());
        map.serialize_field("kind", &kind.or_else(|| link.map(purpose)))?;
        let initiation = payload
            .and_then(Payload::initiation)
            .or_else(|| link.and_then(SbpLink::initiation))
            .map(|initiation| initiation.name());
        map.serialize_field("initiation", &initiation)?;
        let sum = link.and_then(SbpLink::sum).map(roubles);
        map.serialize_field("amount", &value(Id::AMOUNT).map(String::from).or(sum))?;
        let currency = value(Id::CURRENCY).or_else(|| link.and_then(SbpLink::currency));
        map.serialize_field("currency", &currency)?;
        for (name, id) in [
            ("format_indicator", Id::FORMAT_INDICATOR),
            ("country", Id::COUNTRY),
            ("merchant_name", Id::MERCHANT_NAME),
            ("merchant_city", Id::MERCHANT_CITY),
            ("postal_code", Id::POSTAL_CODE),
            ("mcc", Id::CATEGORY_CODE),
            ("tip_indicator", Id::TIP_INDICATOR),
            ("fee_fixed", Id::FEE_FIXED),
            ("fee_percent", Id::FEE_PERCENT),
        ] {
            map.serialize_field(name, &value(id))?;
        }
        map.serialize_field("accounts", &Accounts(payload))?;
        let template = |id| Template(payload.and_then(|payload| payload.get(id)));
        map.serialize_field("additional", &template(Id::ADDITIONAL_DATA))?;
        map.serialize_field("language", &template(Id::LANGUAGE))?;
        map.serialize_field("unreserved", &Unreserved(payload))?;
        let crc = value(Id::CRC).or_else(|| link.and_then(SbpLink::crc));
        map.serialize_field("crc", &crc)?;
        if let Some(link) = link {
            map.serialize_field("id", link.id())?;
            map.serialize_field("id_prefix", link.id_prefix())?;
            map.serialize_field("type", &link.parameter("type"))?;
            map.serialize_field("bank", &link.bank())?;
            map.serialize_field("sum_minor", &link.sum())?;
        }
        map.serialize_field("errors", &self.findings.errors)?;
        map.serialize_field("warnings", &self.findings.warnings)?;
        map.serialize_field("leniencies", &Names(&self.leniencies, |leniency| leniency.name()))?;
        map.serialize_field("lookalike", &self.lookalike.map(|lookalike| lookalike.name()))?;
        map.end()
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Error", 4)?;
        map.serialize_field("error", self.kind.name())?;
        map.serialize_field("offset", &self.offset)?;
        map.serialize_field("byte_offset", &self.byte_offset)?;
        map.serialize_field("path", &self.path.map(|path| path.to_string()))?;
        map.end()
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Warning", 4)?;
        map.serialize_field("warning", self.kind.name())?;
        map.serialize_field("offset", &self.offset)?;
        map.serialize_field("byte_offset", &self.byte_offset)?;
        map.serialize_field("path", &self.path.map(|path| path.to_string()))?;
        map.end()
    }
}

struct Names<'n, T>(&'n [T], fn(&T) -> &'static str);

impl<T> Serialize for Names<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.len()))?;
        for item in self.0 {
            sequence.serialize_element((self.1)(item))?;
        }
        sequence.end()
    }
}

struct Accounts<'p, 'a>(Option<&'p Payload<'a>>);

impl Serialize for Accounts<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for account in self.0.iter().flat_map(|payload| payload.accounts()) {
            let objects = account.objects();
            entry(&mut map, Account::object(account), objects)?;
        }
        map.end()
    }
}

struct Unreserved<'p, 'a>(Option<&'p Payload<'a>>);

impl Serialize for Unreserved<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(payload) = self.0 {
            let scheme = payload.scheme();
            for object in payload.unreserved() {
                let objects = object.objects().filter(|_| !is_opaque(scheme, &object));
                entry(&mut map, object, objects)?;
            }
        }
        map.end()
    }
}

/// An object: a map if it is a template, else its text.
fn entry<M: SerializeMap>(
    map: &mut M,
    object: Object<'_>,
    objects: Option<Objects<'_>>,
) -> Result<(), M::Error> {
    let id = object.id().to_string();
    match objects {
        Some(objects) => map.serialize_entry(&id, &Members(objects)),
        None => map.serialize_entry(&id, object.value()),
    }
}

struct Template<'a>(Option<Object<'a>>);

impl Serialize for Template<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(object) => Members(object.objects_unchecked()).serialize(serializer),
            None => serializer.serialize_map(Some(0))?.end(),
        }
    }
}

struct Members<'a>(Objects<'a>);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.map(|object| (object.id().to_string(), object.value())))
    }
}

const fn purpose(link: &SbpLink<'_>) -> &'static str {
    match link.purpose() {
        SbpPurpose::Payment => "payment",
        SbpPurpose::Subscription => "subscription",
    }
}

fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

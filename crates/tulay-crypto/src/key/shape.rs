//! The kind of a DER document, from the tags of its outermost parts.

use pkcs8::der::{self, Decode, Reader, Tag, Tagged, asn1::AnyRef};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Certificate,
    EllipticPrivate,
    EncryptedPrivate,
    Pkcs1Private,
    Pkcs1Public,
    Pkcs12,
    Pkcs8,
    Spki,
    Unknown,
}

impl Shape {
    pub(super) fn of(der: &[u8]) -> der::Result<Self> {
        let tags = AnyRef::from_der(der)?.sequence(|reader| {
            let mut tags = Vec::new();
            while !reader.is_finished() {
                tags.push(AnyRef::decode(reader)?.tag());
            }
            Ok(tags)
        })?;
        Ok(match tags.as_slice() {
            [Tag::Integer, Tag::Integer] => Self::Pkcs1Public,
            [Tag::Integer, Tag::Integer, ..] if tags.len() >= 9 => Self::Pkcs1Private,
            [Tag::Integer, Tag::OctetString, ..] => Self::EllipticPrivate,
            [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Self::Pkcs8,
            [Tag::Integer, Tag::Sequence] | [Tag::Integer, Tag::Sequence, Tag::Sequence] => {
                Self::Pkcs12
            }
            [Tag::Sequence, Tag::BitString] => Self::Spki,
            [Tag::Sequence, Tag::OctetString] => Self::EncryptedPrivate,
            [Tag::Sequence, Tag::Sequence, Tag::BitString] => Self::Certificate,
            _ => Self::Unknown,
        })
    }
}

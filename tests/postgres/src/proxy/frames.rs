//! The messages of the protocol: a type, a length, a body.

use std::io::{self, Read, Write};

/// A message. The first ones of a client have no type.
pub(super) struct Frame {
    pub(super) kind: Option<u8>,
    pub(super) body: Vec<u8>,
}

/// The number of the message by which a client asks for TLS, and for GSSAPI.
const ENCRYPTION: [u32; 2] = [80_877_103, 80_877_104];

impl Frame {
    pub(super) fn read(stream: &mut impl Read) -> io::Result<Self> {
        let mut kind = [0];
        stream.read_exact(&mut kind)?;
        Ok(Self { kind: Some(kind[0]), body: body(stream)? })
    }

    /// The first message of a client, or one of the first.
    pub(super) fn read_first(stream: &mut impl Read) -> io::Result<Self> {
        Ok(Self { kind: None, body: body(stream)? })
    }

    pub(super) fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        let length = u32::try_from(self.body.len() + 4).map_err(io::Error::other)?;
        let mut bytes: Vec<u8> = self.kind.into_iter().collect();
        bytes.extend(length.to_be_bytes());
        bytes.extend(&self.body);
        stream.write_all(&bytes)
    }

    /// Whether a client asks for an encrypted connection.
    pub(super) fn asks_for_encryption(&self) -> bool {
        let number = self.body.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
        number.is_some_and(|number| ENCRYPTION.contains(&number))
    }

    /// Whether the server says once that it is ready, after it.
    pub(super) fn is_answered(&self) -> bool {
        matches!(self.kind, Some(b'Q' | b'S'))
    }

    /// Whether it begins a transaction.
    pub(super) fn begins(&self) -> bool {
        self.kind == Some(b'Q') && self.body.starts_with(b"BEGIN")
    }

    /// Whether its body has these bytes.
    pub(super) fn contains(&self, bytes: &[u8]) -> bool {
        self.body.windows(bytes.len()).any(|part| part == bytes)
    }

    /// The texts at the beginning of its body, each of which ends with a zero byte.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.body.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned())
    }
}

fn body(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length).checked_sub(4).ok_or(io::ErrorKind::InvalidData)?;
    let mut body = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    stream.read_exact(&mut body)?;
    Ok(body)
}

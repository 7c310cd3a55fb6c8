//! The checksum of payment QR codes: CRC-16/CCITT-FALSE, also called CRC-16/IBM-3740.

/// The CRC of `bytes`: polynomial 0x1021, initial value 0xFFFF, nothing reflected, no final xor
/// (EMVCo MPM 1.0, section 4.7.3).
///
/// ```
/// assert_eq!(tulay_qr::crc16(b"123456789"), 0x29B1);
/// ```
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    crc16_after(u16::MAX, bytes)
}

/// The CRC of what gave `sum` and these bytes behind it.
pub(crate) fn crc16_after(sum: u16, bytes: &[u8]) -> u16 {
    let (chunks, rest) = bytes.as_chunks::<16>();
    let sum = chunks.iter().fold(sum, |sum, chunk| advance(sum, chunk, &TABLES));
    let (chunks, rest) = rest.as_chunks::<4>();
    let [_, _, _, _, _, _, _, _, _, _, _, _, last @ ..] = &TABLES;
    let sum = chunks.iter().fold(sum, |sum, chunk| advance(sum, chunk, last));
    let [.., last] = &TABLES;
    rest.iter().fold(sum, |sum, byte| {
        let [high, low] = sum.to_be_bytes();
        at(last, byte ^ high) ^ u16::from_be_bytes([low, 0])
    })
}

/// The CRC after a few bytes more: one lookup each, and none of them waits for another, which is
/// several times as fast as a byte at a time.
fn advance<const N: usize>(sum: u16, bytes: &[u8; N], tables: &[Table; N]) -> u16 {
    let ([first, second, bytes @ ..], [t, u, tables @ ..]) = (&bytes[..], &tables[..]) else {
        return sum;
    };
    let ahead = bytes.iter().zip(tables).fold(0, |ahead, (byte, table)| ahead ^ at(table, *byte));
    let [high, low] = sum.to_be_bytes();
    // These two wait for the sum so far, and come last.
    ahead ^ at(t, first ^ high) ^ at(u, second ^ low)
}

/// The four upper-case hexadecimal digits that a code ends with.
pub(crate) fn digits(crc: u16) -> [u8; 4] {
    let [high, low] = crc.to_be_bytes();
    [high >> 4, high & 15, low >> 4, low & 15].map(|nibble| match nibble {
        0..=9 => b'0' | nibble,
        _ => (b'A' - 10).wrapping_add(nibble),
    })
}

/// The number that four hexadecimal digits of either case are.
pub(crate) fn from_digits(text: &str) -> Option<u16> {
    let hexadecimal = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal { u16::from_str_radix(text, 16).ok() } else { None }
}

/// Whether the text ends in `6304` and the right CRC, in either case, whatever stands before. Then
/// the text is what its author hashed, and what is wrong with it was wrong from the beginning.
///
/// ```
/// // The blank in a length was there from the beginning; the amount is changed now.
/// let text = "00020101021229370016A0000006770101110113006680111111153037645802TH54 520.1563041783";
/// assert!(tulay_qr::Payload::parse(text).is_err() && tulay_qr::ends_with_right_crc(text));
/// assert!(!tulay_qr::ends_with_right_crc(&text.replace("20.15", "90.15")));
/// ```
#[must_use]
pub fn ends_with_right_crc(text: &str) -> bool {
    let Some((hashed, given)) = text.len().checked_sub(4).and_then(|at| text.split_at_checked(at))
    else {
        return false;
    };
    hashed.ends_with("6304") && from_digits(given) == Some(crc16(hashed.as_bytes()))
}

type Table = [u16; 256];

/// Table n, counted from the end, gives the CRC of a byte with n zero bytes after it.
#[allow(clippy::indexing_slicing, reason = "evaluated while compiling; the loop ends at 1")]
static TABLES: [Table; 16] = {
    let single = bytes();
    let mut tables = [single; 16];
    let mut number = 15;
    while number > 0 {
        tables[number - 1] = one_zero_more(&tables[number], &single);
        number -= 1;
    }
    tables
};

fn at(table: &Table, byte: u8) -> u16 {
    // It is never absent: no index needs to be trusted.
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

#[allow(clippy::indexing_slicing, reason = "evaluated while compiling; the loop ends at 256")]
const fn bytes() -> Table {
    let mut table = [0; 256];
    let mut byte = 0;
    let mut value: u16 = 0;
    while byte < 256 {
        let mut crc = value;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
        value = value.wrapping_add(0x0100);
    }
    table
}

#[allow(clippy::indexing_slicing, reason = "evaluated while compiling; a u16 has eight upper bits")]
const fn one_zero_more(table: &Table, single: &Table) -> Table {
    let mut more = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let crc = table[byte];
        more[byte] = single[(crc >> 8) as usize] ^ (crc << 8);
        byte += 1;
    }
    more
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// The definition, bit by bit.
    fn slow(bytes: &[u8]) -> u16 {
        bytes.iter().fold(u16::MAX, |crc, byte| {
            (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
                if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
            })
        })
    }

    #[test]
    fn tables_agree_with_the_definition_at_every_length() {
        let bytes: Vec<u8> = (0..=255).cycle().step_by(7).take(600).collect();
        for length in 0..bytes.len() {
            assert_eq!(crc16(&bytes[..length]), slow(&bytes[..length]), "{length}");
        }
    }

    #[test]
    fn digits_are_padded_and_read_in_either_case() {
        assert_eq!(&digits(0x007B), b"007B");
        assert_eq!(from_digits("00fF"), Some(255));
        assert_eq!(from_digits("+0FF"), None);
        assert_eq!(from_digits("0FF"), None);
    }
}

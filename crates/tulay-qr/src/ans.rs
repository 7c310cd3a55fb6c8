//! EMVCo's format "ans": printable ASCII.

/// Whether a text is printable ASCII, 0x20 to 0x7E (EMVCo MPM 1.0, section 4.1). Eight bytes are
/// looked at in one go, as every value that is written is looked at.
pub(crate) fn is_ans(text: &str) -> bool {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let bad = chunks.iter().fold(0, |bad, chunk| {
        let bytes = u64::from_ne_bytes(*chunk);
        // The upper bit of a byte: not ASCII; below a blank; DEL. A carry from one byte to the next
        // happens only beside one that is bad itself.
        bad | bytes | bytes.wrapping_sub(EACH * 0x20) | bytes.wrapping_add(EACH)
    });
    bad & (EACH * 0x80) == 0 && rest.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::is_ans;
    use alloc::string::String;

    #[test]
    fn every_character_at_every_place() {
        for place in 0..17 {
            for character in '\0'..='\u{180}' {
                let mut text: String = " ~".chars().cycle().take(17).collect();
                text.replace_range(place..=place, character.encode_utf8(&mut [0; 4]));
                assert_eq!(
                    is_ans(&text),
                    (' '..='~').contains(&character),
                    "{place} {character:?}"
                );
            }
        }
    }
}

//! The line of a place in a text, as editors count: LF, CRLF and CR alone all end a line.

/// Counts lines up to a place in the text. The places must be given in ascending order.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    counted: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    pub(super) const fn new(text: &'t [u8]) -> Self {
        Self { text, counted: 0, line: 1 }
    }

    /// The line in which a place lies.
    pub(super) fn at(&mut self, place: usize) -> u64 {
        let passed = self.text.get(self.counted..place).unwrap_or_default();
        let next = self.text.get(self.counted.saturating_add(1)..).unwrap_or_default();
        // The line feed of a CRLF counts; its carriage return does not.
        let follows = next.iter().map(Some).chain([None]);
        for (byte, next) in passed.iter().zip(follows) {
            if *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n')) {
                self.line += 1;
            }
        }
        self.counted = self.counted.max(place);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let mut lines = Lines::new(b"a\nb\r\nc\rd\r\r\n");
        let at = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99].map(|place| lines.at(place));
        assert_eq!(at, [1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    }
}

//! Bytes that look random and are the same every time.

/// Xorshift, 64 bits.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Less than this, which is more than nothing.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        let value = self.next().checked_rem(end).unwrap_or_default();
        usize::try_from(value).unwrap_or_default()
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next().to_le_bytes()[0]).take(length).collect()
    }
}

/// Copies of a message, each damaged otherwise: bits flipped, cut short, bytes put in.
pub(crate) fn damaged(message: &[u8], copies: usize) -> Vec<Vec<u8>> {
    let mut noise = Noise::new(7);
    let damage = |index: usize| {
        let mut copy = message.to_vec();
        let at = noise.below(copy.len().max(1));
        match index % 3 {
            0 => {
                if let Some(byte) = copy.get_mut(at) {
                    *byte ^= 1 << noise.below(8);
                }
            }
            1 => copy.truncate(at),
            _ => copy.insert(at.min(message.len()), noise.next().to_le_bytes()[0]),
        }
        copy
    };
    (0..copies).map(damage).collect()
}

/// The message once for each of its bytes, that one changed.
pub(crate) fn flips(message: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> + '_ {
    (0..message.len()).map(|at| (at, flipped(message, at)))
}

/// The message with one byte changed.
pub(crate) fn flipped(message: &[u8], at: usize) -> Vec<u8> {
    let mut copy = message.to_vec();
    if let Some(byte) = copy.get_mut(at) {
        *byte ^= 1 << (at % 7);
    }
    copy
}

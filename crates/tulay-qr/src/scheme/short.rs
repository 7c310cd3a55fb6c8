//! Short values that need no heap.

use core::fmt;

/// A value that stands in `N` bytes and needs no heap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Short<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Short<N> {
    /// The first `N` ASCII characters; `None` if there are more or others.
    pub(crate) fn collect(characters: impl IntoIterator<Item = u8>) -> Option<Self> {
        let mut short = Self { bytes: [0; N], length: 0 };
        for byte in characters {
            *short.bytes.get_mut(short.length).filter(|_| byte.is_ascii())? = byte;
            short.length = short.length.saturating_add(1);
        }
        Some(short)
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Debug for Short<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Numbers of persons.
        write!(f, "{} characters", self.length)
    }
}

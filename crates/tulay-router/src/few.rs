//! A list whose first entries take nothing from the heap.

/// As many as almost every rule names.
const INLINE: usize = 8;

/// A list of small values, the first eight of them held in place.
#[derive(Clone, Debug)]
pub(crate) struct Few<T> {
    inline: [Option<T>; INLINE],
    more: Vec<T>,
}

impl<T: Copy> Few<T> {
    pub(crate) const fn new() -> Self {
        Self { inline: [None; INLINE], more: Vec::new() }
    }

    pub(crate) fn push(&mut self, value: T) {
        match self.inline.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(value),
            None => self.more.push(value),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<T> {
        match index.checked_sub(INLINE) {
            Some(index) => self.more.get(index).copied(),
            None => *self.inline.get(index)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_order_and_grows() {
        let mut few = Few::new();
        (0..20).for_each(|number| few.push(number));
        assert!((0..20).all(|number| few.get(number) == Some(number)));
        assert_eq!(few.get(20), None);
    }
}

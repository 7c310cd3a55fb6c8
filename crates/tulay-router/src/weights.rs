//! Shares of traffic, drawn from the payment's own reference: the same payment draws the same, on
//! every machine and after every restart.

/// More items than this are not drawn, and stay behind in their order.
const DRAWN: usize = 64;

/// Draws one item after the other by their weights, without putting back. An item that is left out
/// later, for whatever reason, leaves the shares of the others in proportion.
pub(crate) fn draw<T>(mut items: Vec<T>, weight: impl Fn(&T) -> u32, reference: &str) -> Vec<T> {
    let rest = items.split_off(items.len().min(DRAWN));
    let (mut drawn, mut random) = (Vec::with_capacity(items.len()), seed(reference));
    while !items.is_empty() {
        let total: u64 = items.iter().map(|item| u64::from(weight(item))).sum();
        random = mixed(random);
        let mut point = scaled(random, total);
        let index = items.iter().position(|item| {
            let own = u64::from(weight(item));
            let here = point < own;
            point = point.saturating_sub(own);
            here
        });
        // Items without a weight are never drawn, and follow in their order.
        drawn.push(items.remove(index.unwrap_or_default()));
    }
    drawn.extend(rest);
    drawn
}

/// FNV-1a over the reference. The sequences of payments depend on it, so that it never changes.
fn seed(reference: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    reference.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// The step of SplitMix64.
const fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number below `total` out of 64 random bits.
fn scaled(random: u64, total: u64) -> u64 {
    let product = u128::from(random) * u128::from(total);
    u64::try_from(product >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn(weights: &[u32], id: &str) -> Vec<usize> {
        draw((0..weights.len()).collect(), |index| weights[*index], id)
    }

    #[test]
    fn the_same_id_draws_the_same_for_ever() {
        // Payments that are under way depend on these: a difference is a break.
        let first: Vec<usize> = ["R1", "R2", "R3", "INV-2026-0001", "PAY-7", ""]
            .iter()
            .map(|id| drawn(&[50, 30, 20], id)[0])
            .collect();
        assert_eq!(first, PINNED);
    }

    const PINNED: [usize; 6] = [1, 1, 2, 0, 0, 1];

    #[test]
    fn shares_converge_to_the_weights() {
        let mut first = [0_u32; 3];
        let mut second_without_the_first = [0_u32; 3];
        for number in 0..100_000 {
            let order = drawn(&[70, 20, 10], &format!("PAY-2026-{number}"));
            first[order[0]] += 1;
            let left: Vec<_> = order.iter().filter(|index| **index != 0).collect();
            second_without_the_first[*left[0]] += 1;
        }
        // Standard deviations are below 150 here.
        assert!(first[0].abs_diff(70_000) < 800, "{first:?}");
        assert!(first[1].abs_diff(20_000) < 800, "{first:?}");
        // Without the first, the others share as 2 to 1.
        assert!(second_without_the_first[1].abs_diff(66_667) < 800, "{second_without_the_first:?}");
    }

    proptest! {
        #[test]
        fn every_one_is_drawn_once(weights in prop::collection::vec(0..1000_u32, 0..80), id: String) {
            let mut order = drawn(&weights, &id);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..weights.len()));
        }
    }
}

//! Shares of traffic, drawn from the payment's own id: the same payment draws the same, on every
//! machine and after every restart.

/// Draws one after the other by their weights, without putting back, and hands over its index. Who is
/// left out later, for whatever reason, leaves the shares of the others in proportion.
///
/// Only the first 64 are drawn; more than that stay in their order after them.
pub(crate) fn draw<T>(
    items: &[T],
    weight: impl Fn(&T) -> u32,
    id: &str,
    mut take: impl FnMut(usize),
) {
    let weights = |taken: u64| {
        let drawn = items.iter().take(64).enumerate();
        drawn.filter(move |(place, _)| taken >> place & 1 == 0)
    };
    let (mut taken, mut random) = (0_u64, seed(id));
    loop {
        let total: u64 = weights(taken).map(|(_, item)| u64::from(weight(item))).sum();
        random = mixed(random);
        let mut point = scaled(random, total);
        let drawn = weights(taken).find(|(_, item)| {
            let own = u64::from(weight(item));
            let here = point < own;
            point = point.saturating_sub(own);
            here
        });
        // What has no weight is never drawn, and follows in its order.
        let Some((place, _)) = drawn.or_else(|| weights(taken).next()) else { break };
        taken |= 1 << place;
        take(place);
    }
    (64..items.len()).for_each(take);
}

/// FNV-1a over the id. It is part of what a payment's order depends on, and so never changes.
fn seed(id: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    id.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
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
        let mut order = Vec::new();
        draw(weights, |weight| *weight, id, |index| order.push(index));
        order
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

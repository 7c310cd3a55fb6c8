//! Which of the eight masks makes a symbol easiest to read (ISO/IEC 18004, section 7.8).
//!
//! Any of them can be read. The library tries all eight module by module; here the penalties are
//! counted for a whole row at once, a module a bit, which takes a tenth of the time.

use qrcodegen::{Mask, QrCode};

/// The mask of the symbol that is compared with the others.
pub(super) fn first() -> Mask {
    Mask::new(0)
}

/// The largest side whose rows fit in 128 bits, which is version 27.
const LARGEST: usize = 125;

/// Rows, or columns, of modules; bit x is the module at x.
type Lines = [u128; LARGEST];

/// The mask with the least penalty, for a symbol that has the first mask; `None` for symbols too
/// large to tell.
pub(super) fn best(first: &QrCode) -> Option<Mask> {
    let size = usize::try_from(first.size()).ok().filter(|size| *size <= LARGEST)?;
    let data = Data::of(size);
    let (mut rows, mut columns) = ([0; LARGEST], [0; LARGEST]);
    for (y, row) in (0..first.size()).zip(&mut rows) {
        for (x, column) in (0..first.size()).zip(&mut columns) {
            let dark = u128::from(first.get_module(x, y));
            *row |= dark << x;
            *column |= dark << y;
        }
    }
    let penalty = |mask: u8| {
        let masked = |lines: &Lines, transposed| {
            let (mut own, old) = (*lines, pattern(0, transposed));
            let new = pattern(mask, transposed);
            let patterns = old.iter().cycle().zip(new.iter().cycle());
            for ((line, data), (old, new)) in own.iter_mut().zip(&data.0).zip(patterns) {
                *line ^= data & (old ^ new);
            }
            own
        };
        let (mut rows, mut columns) = (masked(&rows, false), masked(&columns, true));
        for (x, y) in format_difference(mask, size) {
            if let (Some(row), Some(column)) = (rows.get_mut(y), columns.get_mut(x)) {
                *row ^= 1 << x;
                *column ^= 1 << y;
            }
        }
        let lines = |lines: &Lines| -> u32 {
            lines.iter().take(size).map(|line| of_line(*line, size)).sum()
        };
        lines(&rows)
            .saturating_add(lines(&columns))
            .saturating_add(of_blocks(&rows, size))
            .saturating_add(of_balance(&rows, size))
    };
    (0..8).min_by_key(|mask| penalty(*mask)).map(Mask::new)
}

/// Which modules hold data. It is the same for rows and for columns.
struct Data(Lines);

impl Data {
    fn of(size: usize) -> Self {
        let mut lines = [0; LARGEST];
        let version = size.saturating_sub(17) / 4;
        let centres = alignment_centres(version, size);
        let all = first_bits(size);
        let edge = first_bits(9);
        let far = all & !first_bits(size.saturating_sub(8));
        for (y, line) in lines.iter_mut().take(size).enumerate() {
            let near_begin = y < 9;
            let near_end = y >= size.saturating_sub(8);
            let mut function = 1 << 6; // The timing pattern's column.
            if near_begin {
                function |= edge | far;
            } else if near_end {
                function |= edge;
            }
            if y == 6 {
                function = all;
            }
            if version >= 7 {
                let information = all & !first_bits(size.saturating_sub(11));
                if y < 6 {
                    function |= information;
                } else if y >= size.saturating_sub(11) {
                    function |= first_bits(6);
                }
            }
            for centre in centres.iter().flatten().filter(|centre| y.abs_diff(**centre) <= 2) {
                for other in centres.iter().flatten() {
                    let corners =
                        [(6, 6), (6, size.saturating_sub(7)), (size.saturating_sub(7), 6)];
                    if !corners.contains(&(*centre, *other)) {
                        function |= first_bits(5) << other.saturating_sub(2);
                    }
                }
            }
            *line = all & !function;
        }
        Self(lines)
    }
}

/// Where the alignment patterns' middles are, on both axes (ISO/IEC 18004, annex E).
fn alignment_centres(version: usize, size: usize) -> [Option<usize>; 7] {
    let mut centres = [None; 7];
    if version < 2 {
        return centres;
    }
    let count = version / 7 + 2;
    let step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    for (number, centre) in centres.iter_mut().take(count).enumerate() {
        let from_end = count.saturating_sub(number).saturating_sub(1);
        let regular = size.saturating_sub(7).saturating_sub(from_end.saturating_mul(step));
        *centre = Some(if number == 0 { 6 } else { regular });
    }
    centres
}

/// The modules in which the format information, which names the mask, differs from that of the
/// first mask (ISO/IEC 18004, section 7.9). It is a linear code, so that the level of error
/// correction makes no difference.
fn format_difference(mask: u8, size: usize) -> impl Iterator<Item = (usize, usize)> {
    let data = u32::from(mask);
    let remainder = (0..10).fold(data, |sum, _| (sum << 1) ^ ((sum >> 9) * 0x537));
    let bits = data << 10 | remainder;
    let set = (0_usize..15).filter(move |bit| bits & 1 << bit != 0);
    set.flat_map(move |bit| {
        let around_first = match bit {
            0..=5 => (8, bit),
            6 | 7 => (8, bit.saturating_add(1)),
            8 => (7, 8),
            _ => (14_usize.saturating_sub(bit), 8),
        };
        let beside_others = match bit {
            0..=7 => (size.saturating_sub(1).saturating_sub(bit), 8),
            _ => (8, size.saturating_sub(15).saturating_add(bit)),
        };
        [around_first, beside_others]
    })
}

/// The twelve rows, or columns, after which every mask's pattern comes again.
fn pattern(mask: u8, transposed: bool) -> [u128; 12] {
    let mut lines = [0; 12];
    for (line, bits) in (0_u32..).zip(&mut lines) {
        for at in 0..12 {
            let (x, y) = if transposed { (line, at) } else { (at, line) };
            let inverted = match mask {
                0 => (x + y) % 2 == 0,
                1 => y % 2 == 0,
                2 => x % 3 == 0,
                3 => (x + y) % 3 == 0,
                4 => (x / 3 + y / 2) % 2 == 0,
                5 => x * y % 2 + x * y % 3 == 0,
                6 => (x * y % 2 + x * y % 3) % 2 == 0,
                _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
            };
            *bits |= u128::from(inverted) << at;
        }
        // Twelve, twice as many, and so on, to more than 125.
        *bits |= *bits << 12;
        *bits |= *bits << 24;
        *bits |= *bits << 48;
        *bits |= *bits << 96;
    }
    lines
}

/// Runs of five or more, and patterns that look like a finder's with four light modules beside.
fn of_line(line: u128, size: usize) -> u32 {
    // Bit x: modules x and x + 1 are equal; then: the five from x on are.
    let equal = !(line ^ line >> 1) & first_bits(size.saturating_sub(1));
    let five = equal & equal >> 1 & equal >> 2 & equal >> 3;
    let runs = (five & !(five << 1)).count_ones();
    let in_runs = five.count_ones().saturating_add(runs.saturating_mul(2));

    // What lies outside is light, as the zeros are that shifting brings in.
    let dark = line;
    let finder = !(dark << 1)
        & dark
        & !(dark >> 1)
        & (dark >> 2)
        & (dark >> 3)
        & (dark >> 4)
        & !(dark >> 5)
        & (dark >> 6)
        & !(dark >> 7);
    let after = !(dark >> 7 | dark >> 8 | dark >> 9 | dark >> 10);
    let before = !(dark << 1 | dark << 2 | dark << 3 | dark << 4);
    let finders = (finder & after).count_ones().saturating_add((finder & before).count_ones());
    in_runs.saturating_add(finders.saturating_mul(40))
}

/// Squares of two by two modules of one colour.
fn of_blocks(rows: &Lines, size: usize) -> u32 {
    let inner = first_bits(size.saturating_sub(1));
    let pairs = rows.iter().zip(rows.iter().skip(1)).take(size.saturating_sub(1));
    let blocks = pairs.map(|(row, below)| {
        let equal = !(row ^ row >> 1) & !(row ^ below) & !(below ^ below >> 1);
        (equal & inner).count_ones()
    });
    blocks.sum::<u32>().saturating_mul(3)
}

/// How far dark modules are from being half of all, in steps of five percent.
fn of_balance(rows: &Lines, size: usize) -> u32 {
    let dark: u32 = rows.iter().take(size).map(|row| row.count_ones()).sum();
    let total = u32::try_from(size.saturating_mul(size)).unwrap_or(u32::MAX);
    let beyond = dark.saturating_mul(20).abs_diff(total.saturating_mul(10));
    let steps = beyond.div_ceil(total.max(1)).saturating_sub(1);
    steps.saturating_mul(10)
}

/// So many ones from bit 0 on.
const fn first_bits(count: usize) -> u128 {
    if count >= 128 { u128::MAX } else { (1 << count) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec::Vec};
    use qrcodegen::{QrCodeEcc, QrSegment, Version};

    fn code(text: &str, version: u8, mask: u8) -> QrCode {
        let segments = [QrSegment::make_bytes(text.as_bytes())];
        let version = Version::new(version);
        let mask = Some(Mask::new(mask));
        let level = QrCodeEcc::Low;
        QrCode::encode_segments_advanced(&segments, level, version, version, mask, false).unwrap()
    }

    #[test]
    fn masks_change_exactly_the_modules_that_they_should() {
        for version in 1..=27 {
            let size = usize::from(version) * 4 + 17;
            let (first, data) = (code("text", version, 0), Data::of(size));
            for mask in 1..8 {
                let other = code("text", version, mask);
                let (old, new) = (pattern(0, false), pattern(mask, false));
                let (old_columns, new_columns) = (pattern(0, true), pattern(mask, true));
                for y in 0..size {
                    for x in 0..size {
                        let format = format_difference(mask, size).any(|at| at == (x, y));
                        let place = [x, y].map(|at| i32::try_from(at).unwrap());
                        let at = |code: &QrCode| code.get_module(place[0], place[1]);
                        let changed =
                            format || data.0[y] & (old[y % 12] ^ new[y % 12]) & 1 << x != 0;
                        let column = old_columns[x % 12] ^ new_columns[x % 12];
                        let by_column = format || data.0[x] & column & 1 << y != 0;
                        let really = at(&first) != at(&other);
                        assert_eq!(changed, really, "{version} {mask} {x} {y}");
                        assert_eq!(changed, by_column, "{version} {mask} {x} {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_line_is_judged_as_the_standard_says() {
        let line = |text: &str| {
            let bits = text.bytes().enumerate().map(|(at, byte)| u128::from(byte == b'#') << at);
            of_line(bits.fold(0, |line, bit| line | bit), text.len())
        };
        assert_eq!(line("#.#.#.#.#"), 0);
        assert_eq!(line("#####.#.#"), 3);
        assert_eq!(line("#######.#"), 5);
        assert_eq!(line("#.#.....#....."), 6);
        // Light modules before, after, and both.
        assert_eq!(line("#....#.###.#.##"), 40);
        assert_eq!(line("##.#.###.#....#"), 40);
        assert_eq!(line("#....#.###.#....#"), 80);
        assert_eq!(line("#.###.#.##"), 40, "outside is light");
        assert_eq!(line("##.###.#....#"), 0, "one to one is not two to one");
    }

    #[test]
    fn the_choice_is_nearly_always_the_one_of_the_library() {
        let texts: Vec<_> = (0..60).map(|n| format!("{n} {}", "PromptPay".repeat(n))).collect();
        let same = texts.iter().filter(|text| {
            let segments = [QrSegment::make_bytes(text.as_bytes())];
            let encode = |mask| {
                let (least, most) = (Version::new(1), Version::new(27));
                let level = QrCodeEcc::Medium;
                QrCode::encode_segments_advanced(&segments, level, least, most, mask, false)
            };
            best(&encode(Some(first())).unwrap()) == Some(encode(None).unwrap().mask())
        });
        // Finders of more than one module's width, which the library counts too, are rare.
        let same = same.count();
        assert!(same >= 58, "{same} of 60");
    }
}

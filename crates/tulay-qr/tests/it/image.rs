//! A picture of a code becomes its text, or an error.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "pictures here are small"
)]

use crate::vector;
use png::{BitDepth, ColorType, Encoder};
use proptest::prelude::*;
use tulay_qr::{Correction, ImageError, LARGEST_PNG, PngOptions, Symbol, text_of_png};

const TEXT: &str = "00020101021226280015com.example.pay0105M00015204541153036085406250.00\
                    5802PH5912EXAMPLE SHOP6006Manila6304";

/// A picture in gray, one byte a pixel.
#[derive(Clone)]
struct Gray {
    width: usize,
    pixels: Vec<u8>,
}

impl Gray {
    /// A symbol with its quiet zone.
    fn of(symbol: &Symbol, module: usize) -> Self {
        let width = (symbol.size() + 8) * module;
        let pixel = |x: usize, y: usize| {
            let at = |v: usize| (v / module).checked_sub(4);
            let dark = at(x).zip(at(y)).is_some_and(|(x, y)| symbol.is_dark(x, y));
            if dark { 0 } else { 255 }
        };
        Self::draw(width, width, pixel)
    }

    fn draw(width: usize, height: usize, pixel: impl Fn(usize, usize) -> u8) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { width, pixels: places.map(|(x, y)| pixel(x, y)).collect() }
    }

    fn height(&self) -> usize {
        self.pixels.len() / self.width
    }

    /// White outside.
    fn at(&self, x: i64, y: i64) -> u8 {
        let inside = |v: i64, end: usize| usize::try_from(v).ok().filter(|v| *v < end);
        let place = inside(x, self.width).zip(inside(y, self.height()));
        place.map_or(255, |(x, y)| self.pixels[y * self.width + x])
    }

    /// Turned about its middle; cosine and sine in thousandths.
    fn turned(&self, cosine: i64, sine: i64) -> Self {
        let side = self.width * 3 / 2;
        let (middle, from) = (side as i64 / 2, self.width as i64 / 2);
        Self::draw(side, side, |x, y| {
            let (x, y) = (x as i64 - middle, y as i64 - middle);
            self.at(
                (x * cosine + y * sine).div_euclid(1000) + from,
                (y * cosine - x * sine).div_euclid(1000) + from,
            )
        })
    }

    fn mapped(&self, level: impl Fn(u8) -> u8) -> Self {
        Self { width: self.width, pixels: self.pixels.iter().map(|p| level(*p)).collect() }
    }

    fn beside(&self, other: &Self) -> Self {
        let (left, height) = (self.width as i64, self.height().max(other.height()));
        Self::draw(self.width + other.width, height, |x, y| {
            let (x, y) = (x as i64, y as i64);
            if x < left { self.at(x, y) } else { other.at(x - left, y) }
        })
    }

    fn png(&self) -> Vec<u8> {
        encode(self.width, self.height(), ColorType::Grayscale, BitDepth::Eight, None, &self.pixels)
    }

    fn text(&self) -> Result<String, ImageError> {
        text_of_png(&self.png())
    }
}

fn encode(
    width: usize,
    height: usize,
    color: ColorType,
    depth: BitDepth,
    palette: Option<Vec<u8>>,
    data: &[u8],
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    file
}

fn code() -> Gray {
    Gray::of(&Symbol::new(TEXT).unwrap(), 4)
}

#[test]
fn every_drawn_code_reads_back() {
    for vector in vector::all().iter().filter(|vector| vector.is_valid()) {
        let symbol = Symbol::new(vector.payload()).unwrap();
        for module_pixels in [1, 2, 3, 7] {
            let options = PngOptions { module_pixels, ..Default::default() };
            let picture = symbol.to_png_with(options).unwrap();
            let text = text_of_png(&picture);
            assert_eq!(text.as_deref(), Ok(vector.payload()), "{} {module_pixels}", vector.name());
        }
    }
}

#[test]
fn a_turned_code_reads_back() {
    for (cosine, sine) in
        [(0, 1000), (-1000, 0), (0, -1000), (996, 87), (966, 259), (707, 707), (-500, 866)]
    {
        assert_eq!(code().turned(cosine, sine).text().as_deref(), Ok(TEXT), "{cosine} {sine}");
    }
}

#[test]
fn a_mirrored_code_reads_back() {
    let code = code();
    let right = code.width as i64 - 1;
    let mirrored = Gray::draw(code.width, code.width, |x, y| code.at(right - x as i64, y as i64));
    assert_eq!(mirrored.text().as_deref(), Ok(TEXT));
}

#[test]
fn low_contrast_reads_and_none_does_not() {
    let faint = code().mapped(|level| if level == 0 { 170 } else { 200 });
    assert_eq!(faint.text().as_deref(), Ok(TEXT));
    let none = code().mapped(|level| if level == 0 { 195 } else { 200 });
    assert_eq!(none.text(), Err(ImageError::NoCode));
}

#[test]
fn a_logo_on_the_code_does_not_matter() {
    let code = Gray::of(&Symbol::with_correction(TEXT, Correction::High).unwrap(), 4);
    let middle = code.width / 2;
    let covered = Gray::draw(code.width, code.width, |x, y| {
        let near = x.abs_diff(middle) < 14 && y.abs_diff(middle) < 14;
        if near { 255 } else { code.at(x as i64, y as i64) }
    });
    assert_ne!(covered.pixels, code.pixels);
    assert_eq!(covered.text().as_deref(), Ok(TEXT));
}

#[test]
fn every_kind_of_pixel_reads_back() {
    let code = Gray::of(&Symbol::new(TEXT).unwrap(), 8);
    let (width, pixels) = (code.width, &code.pixels);
    let read = |color, depth, palette, data: &[u8]| {
        text_of_png(&encode(width, width, color, depth, palette, data))
    };
    let each = |make: &dyn Fn(u8) -> Vec<u8>| -> Vec<u8> {
        pixels.iter().flat_map(|level| make(*level)).collect()
    };
    for bits in [1_usize, 2, 4] {
        let depth = BitDepth::from_u8(bits as u8).unwrap();
        // The width is a whole number of bytes in each depth.
        assert_eq!(width * bits % 8, 0);
        let packed: Vec<u8> = pixels
            .chunks(8 / bits)
            .map(|chunk| {
                chunk
                    .iter()
                    .fold(0_u16, |byte, level| (byte << bits) | u16::from(level >> (8 - bits)))
                    as u8
            })
            .collect();
        assert_eq!(read(ColorType::Grayscale, depth, None, &packed).as_deref(), Ok(TEXT));
    }
    let index = each(&|level| vec![level / 255]);
    let palette = Some(vec![10, 20, 120, 250, 240, 200]);
    let depth = BitDepth::Eight;
    assert_eq!(read(ColorType::Indexed, depth, palette, &index).as_deref(), Ok(TEXT));
    let alpha = each(&|level| vec![0, 255 - level]);
    assert_eq!(read(ColorType::GrayscaleAlpha, depth, None, &alpha).as_deref(), Ok(TEXT));
    let rgb = each(&|level| vec![level / 2, level, 128]);
    assert_eq!(read(ColorType::Rgb, depth, None, &rgb).as_deref(), Ok(TEXT));
    let rgba = each(&|level| vec![0, 0, 90, 255 - level]);
    assert_eq!(read(ColorType::Rgba, depth, None, &rgba).as_deref(), Ok(TEXT));
    let wide = each(&|level| vec![level, 7]);
    assert_eq!(read(ColorType::Grayscale, BitDepth::Sixteen, None, &wide).as_deref(), Ok(TEXT));
    let wide = each(&|level| vec![level, 0, level, 9, level, 3, 255, 255]);
    assert_eq!(read(ColorType::Rgba, BitDepth::Sixteen, None, &wide).as_deref(), Ok(TEXT));
}

#[test]
fn two_codes_are_refused() {
    let two = code().beside(&Gray::of(&Symbol::new("https://example.com").unwrap(), 5));
    assert_eq!(two.text(), Err(ImageError::SeveralCodes));
    assert_eq!(code().beside(&code()).text(), Err(ImageError::SeveralCodes));
}

#[test]
fn a_picture_without_a_code_says_so() {
    assert_eq!(Gray::draw(64, 64, |_, _| 255).text(), Err(ImageError::NoCode));
    assert_eq!(Gray::draw(64, 64, |x, _| (x * 4) as u8).text(), Err(ImageError::NoCode));
    assert_eq!(Gray::draw(1, 1, |_, _| 0).text(), Err(ImageError::NoCode));
    let half = code();
    let half = Gray::draw(half.width, half.width / 2, |x, y| half.at(x as i64, y as i64));
    assert_eq!(half.text(), Err(ImageError::NoCode));
}

#[test]
fn a_damaged_code_says_so() {
    let code = code();
    // The three corners are left.
    let (low, high) = (15 * 4, code.width - 15 * 4);
    let damaged = Gray::draw(code.width, code.width, |x, y| {
        let inside = (low..high).contains(&x) || (low..high).contains(&y);
        if inside { 255 } else { code.at(x as i64, y as i64) }
    });
    assert_eq!(damaged.text(), Err(ImageError::Unreadable));
}

#[test]
fn many_finder_patterns_are_refused() {
    // 2048 × 2048 pixels of nothing but finder patterns.
    let crowd = Gray::draw(2048, 2048, |x, y| {
        let ring = (x % 8).abs_diff(3).max((y % 8).abs_diff(3));
        if matches!(ring, 2 | 4) { 255 } else { 0 }
    });
    assert_eq!(crowd.text(), Err(ImageError::Unreadable));
}

#[test]
fn a_code_among_many_squares_is_refused() {
    let pattern = |x: usize, y: usize| {
        let ring = [0, 6].contains(&x) || [0, 6].contains(&y);
        x < 7 && y < 7 && (ring || ((2..5).contains(&x) && (2..5).contains(&y)))
    };
    let grid = |columns: usize| {
        let at = |v: usize| v / 3 % 30;
        Gray::draw(columns * 90, 360, |x, y| if pattern(at(x), at(y)) { 0 } else { 255 })
    };
    // One row of patterns has no square.
    let row = grid(1);
    assert_eq!(code().beside(&row).text().as_deref(), Ok(TEXT));
    assert_eq!(code().beside(&grid(5)).text(), Err(ImageError::Unreadable));
}

#[test]
fn a_cut_file_is_no_picture() {
    let file = code().png();
    for length in (0..file.len()).step_by(7).chain([file.len() - 1]) {
        assert_eq!(text_of_png(&file[..length]), Err(ImageError::NotPng), "{length}");
    }
}

#[test]
fn other_files_are_no_pictures() {
    for file in [&b""[..], b"{}", b"<html>", b"GIF89a", &[0xff, 0xd8, 0xff], TEXT.as_bytes()] {
        assert_eq!(text_of_png(file), Err(ImageError::NotPng));
    }
}

#[test]
fn a_small_file_that_declares_a_huge_picture_is_refused() {
    let mut file = code().png();
    for (width, height) in [(u32::MAX >> 1, u32::MAX >> 1), (2049, 1), (1, 2049)] {
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&file[12..29]);
        file[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(text_of_png(&file), Err(ImageError::TooLarge), "{width} {height}");
    }
    let large = vec![0; LARGEST_PNG + 1];
    assert_eq!(text_of_png(&large), Err(ImageError::TooLarge));
}

/// The check of a PNG chunk: ISO 3309.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_give_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(text_of_png(&bytes), Err(ImageError::NotPng));
    }

    /// Noise, and a genuine code with noise on it: the text is right or there is none.
    #[test]
    fn noise_never_gives_another_text(seed in any::<u64>(), every in 1_u64..60) {
        let code = code();
        let noisy = Gray::draw(code.width, code.width, |x, y| {
            let place = (y * code.width + x) as u64;
            let mixed = (place ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
            let mixed = mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9);
            if (mixed >> 33).is_multiple_of(every) { (mixed >> 20) as u8 } else { code.at(x as i64, y as i64) }
        });
        if let Ok(text) = noisy.text() {
            prop_assert_eq!(text, TEXT);
        }
    }

    #[test]
    fn a_damaged_file_never_gives_another_text(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut file = code().png();
        for (index, byte) in changes {
            let index = index.index(file.len());
            file[index] = byte;
        }
        if let Ok(text) = text_of_png(&file) {
            prop_assert_eq!(text, TEXT);
        }
    }
}

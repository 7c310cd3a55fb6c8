//! Every symbol that is drawn reads back to the same text.

use crate::vector;
use rqrr::{BitGrid, Grid, PreparedImage};
use tulay_qr::{Correction, PngOptions, SvgOptions, Symbol, TerminalOptions};

/// A symbol's modules, as a decoder asks for them.
struct Modules<'s>(&'s Symbol);

impl BitGrid for Modules<'_> {
    fn size(&self) -> usize {
        self.0.size()
    }

    fn bit(&self, y: usize, x: usize) -> bool {
        self.0.is_dark(x, y)
    }
}

fn text_of(symbol: &Symbol) -> String {
    Grid::new(Modules(symbol)).decode().unwrap().1
}

#[test]
fn every_valid_code_and_link_reads_back() {
    let corrections = [Correction::Low, Correction::Medium, Correction::Quartile, Correction::High];
    for vector in vector::all().iter().filter(|vector| vector.is_valid()) {
        for correction in corrections {
            let symbol = Symbol::with_correction(vector.payload(), correction).unwrap();
            assert_eq!(text_of(&symbol), vector.payload(), "{}", vector.name());
        }
    }
}

#[test]
fn every_picture_of_every_valid_code_is_its_symbol() {
    for vector in vector::all().iter().filter(|vector| vector.is_valid()) {
        let symbol = Symbol::new(vector.payload()).unwrap();
        let modules = with_quiet_zone(&symbol, 4);
        assert_eq!(of_svg(&symbol.to_svg(), modules.len()), modules, "{}", vector.name());
        assert_eq!(of_terminal(&symbol.to_terminal(), false), modules, "{}", vector.name());
        let inverted = TerminalOptions { invert: true, ..Default::default() };
        let inverted = of_terminal(&symbol.to_terminal_with(inverted), true);
        assert_eq!(inverted, modules, "{}", vector.name());
    }
}

#[test]
fn a_picture_is_found_and_read_as_a_camera_would() {
    for vector in vector::all().iter().filter(|vector| vector.is_valid()).step_by(5) {
        let symbol = Symbol::new(vector.payload()).unwrap();
        let options = PngOptions { module_pixels: 4, ..Default::default() };
        let (side, pixels) = of_png(&symbol.to_png_with(options).unwrap());
        assert_eq!(side, (symbol.size() + 8) * 4);
        let mut image =
            PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "{}", vector.name());
        assert_eq!(grids[0].decode().unwrap().1, vector.payload(), "{}", vector.name());
    }
}

#[test]
fn text_beyond_ascii_is_announced_and_reads_back() {
    for text in ["ร้านกาแฟ", "Peña", "кафе ☕", "0002010102"] {
        let symbol = Symbol::new(text).unwrap();
        assert_eq!(text_of(&symbol), text);
    }
    let thai = vector::valid_payloads();
    assert!(thai.iter().any(|vector| !vector.payload().is_ascii()), "one at least has ECI 26");
}

#[test]
fn digits_are_not_packed() {
    // 20 digits in numeric mode fit a version 1 symbol at level H; 20 bytes do not.
    let symbol = Symbol::with_correction("00020101021229370016", Correction::High).unwrap();
    assert_eq!(symbol.size(), 29);
}

#[test]
fn what_is_too_large_is_refused() {
    assert!(Symbol::new(&"x".repeat(2331)).is_ok());
    assert!(Symbol::new(&"x".repeat(2332)).is_err());
    let symbol = Symbol::new("x").unwrap();
    let png = |module_pixels| symbol.to_png_with(PngOptions { module_pixels, quiet_zone: 4 });
    assert!(png(0).is_err());
    assert!(png(255).is_ok());
    let large = Symbol::new(&"x".repeat(2331)).unwrap();
    assert!(large.to_png_with(PngOptions { module_pixels: 255, quiet_zone: 0 }).is_err());
    assert!(large.to_png().is_ok());
}

#[test]
fn a_symbol_too_large_for_the_quick_choice_reads_back_too() {
    let text = "PromptPay ".repeat(150);
    assert_eq!(text_of(&Symbol::new(&text).unwrap()), text);
}

#[test]
fn svg_is_as_asked() {
    let symbol = Symbol::new("x").unwrap();
    let options = SvgOptions { quiet_zone: 1, current_color: true, background: false };
    insta::assert_snapshot!(symbol.to_svg_with(options));
    assert!(symbol.to_svg_data_uri().starts_with("data:image/svg+xml,%3Csvg%20xmlns='http"));
    assert!(!symbol.to_svg_data_uri().contains(['<', '>', '"', '#', ' ', '\n']));
}

#[test]
fn nothing_shows_its_text_unasked() {
    let symbol = Symbol::new("09171234567").unwrap();
    assert_eq!(format!("{symbol:?}"), "Symbol { size: 21, .. }");
    assert!(!symbol.is_dark(500, 500));
    assert!(symbol.row(500).is_empty());
}

fn with_quiet_zone(symbol: &Symbol, quiet: usize) -> Vec<Vec<bool>> {
    let side = symbol.size() + 2 * quiet;
    let inside = |at: usize| at.checked_sub(quiet);
    let dark = |x, y| inside(x).zip(inside(y)).is_some_and(|(x, y)| symbol.is_dark(x, y));
    (0..side).map(|y| (0..side).map(|x| dark(x, y)).collect()).collect()
}

/// The dark modules that the one path draws.
fn of_svg(svg: &str, side: usize) -> Vec<Vec<bool>> {
    assert_eq!(svg.matches("<path").count(), 1);
    assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
    let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut modules = vec![vec![false; side]; side];
    for run in path.split_terminator('z') {
        let numbers: Vec<usize> = run
            .split(|c: char| !c.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .map(|digits| digits.parse().unwrap())
            .collect();
        let [x, y, length, 1, back] = numbers[..] else { panic!("{run}") };
        assert_eq!(length, back);
        modules[y][x..x + length].fill(true);
    }
    modules
}

fn of_terminal(text: &str, invert: bool) -> Vec<Vec<bool>> {
    let mut modules = Vec::new();
    for line in text.lines() {
        let dark = |drawn: &[char]| line.chars().map(|c| drawn.contains(&c) == invert).collect();
        modules.push(dark(&['█', '▀']));
        modules.push(dark(&['█', '▄']));
    }
    // A side is odd: the last half line is no module.
    modules.pop();
    modules
}

fn of_png(file: &[u8]) -> (usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.width, info.height);
    (info.width as usize, pixels)
}

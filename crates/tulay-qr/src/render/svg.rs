//! Symbols as SVG.

use super::Symbol;
use alloc::string::String;
use core::fmt::Write;

/// How a symbol is drawn as SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct SvgOptions {
    /// Light modules around the symbol; ISO/IEC 18004 asks for 4.
    pub quiet_zone: u8,
    /// Draw in the colour of the text around (`currentColor`) instead of black.
    pub current_color: bool,
    /// Draw the light modules too, in white. Scanners need them lighter than the dark ones.
    pub background: bool,
}

impl Default for SvgOptions {
    fn default() -> Self {
        Self { quiet_zone: 4, current_color: false, background: true }
    }
}

impl Symbol {
    /// The symbol as an SVG document, one unit a module, its dark modules one path.
    #[must_use]
    pub fn to_svg(&self) -> String {
        self.to_svg_with(SvgOptions::default())
    }

    /// The symbol as an SVG document, drawn as asked.
    #[must_use]
    pub fn to_svg_with(&self, options: SvgOptions) -> String {
        let quiet = usize::from(options.quiet_zone);
        let side = self.size().saturating_add(quiet.saturating_mul(2));
        // A run takes about 14 bytes, and every fourth module begins one.
        let mut svg =
            String::with_capacity(self.size().saturating_mul(self.size()).saturating_mul(4));
        // Writing to a string does not fail.
        let _ = write!(
            svg,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">"#,
        );
        if options.background {
            let _ = write!(svg, r##"<rect width="{side}" height="{side}" fill="#fff"/>"##);
        }
        let color = if options.current_color { "currentColor" } else { "#000" };
        let _ = write!(svg, r#"<path fill="{color}" d=""#);
        for y in 0..self.size() {
            let mut x = quiet;
            for run in self.row(y).chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    append_run(x, y.saturating_add(quiet), run.len(), &mut svg);
                }
                x = x.saturating_add(run.len());
            }
        }
        svg.push_str("\"/></svg>\n");
        svg
    }

    /// The SVG document as an address that holds it, for `<img src>`.
    #[must_use]
    pub fn to_svg_data_uri(&self) -> String {
        let svg = self.to_svg();
        let mut uri = String::with_capacity(svg.len().saturating_mul(2));
        uri.push_str("data:image/svg+xml,");
        for character in svg.trim_end().chars() {
            match character {
                '"' => uri.push('\''),
                '#' => uri.push_str("%23"),
                '<' => uri.push_str("%3C"),
                '>' => uri.push_str("%3E"),
                ' ' => uri.push_str("%20"),
                _ => uri.push(character),
            }
        }
        uri
    }
}

/// `M4 4h7v1h-7z`: the formatting machinery would take five times as long.
fn append_run(x: usize, y: usize, length: usize, svg: &mut String) {
    svg.push('M');
    append_number(x, svg);
    svg.push(' ');
    append_number(y, svg);
    svg.push('h');
    append_number(length, svg);
    svg.push_str("v1h-");
    append_number(length, svg);
    svg.push('z');
}

/// A number below 1000; no symbol has one beyond.
fn append_number(number: usize, svg: &mut String) {
    let digit = |place: usize| {
        char::from(b'0'.wrapping_add(u8::try_from(number / place % 10).unwrap_or(0)))
    };
    if number >= 100 {
        svg.push(digit(100));
    }
    if number >= 10 {
        svg.push(digit(10));
    }
    svg.push(digit(1));
}

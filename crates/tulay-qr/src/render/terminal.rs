//! Symbols in a terminal.

use super::Symbol;
use alloc::string::String;

/// How a symbol is drawn in a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "written as a literal with `..Default::default()`")]
pub struct TerminalOptions {
    /// Light modules around the symbol; ISO/IEC 18004 asks for 4.
    pub quiet_zone: u8,
    /// For terminals that write dark on light. By default the light modules are drawn, as most
    /// terminals write light on dark.
    pub invert: bool,
}

impl Default for TerminalOptions {
    fn default() -> Self {
        Self { quiet_zone: 4, invert: false }
    }
}

impl Symbol {
    /// The symbol as lines of half blocks, two modules a character, for terminals that write light
    /// on dark.
    #[must_use]
    pub fn to_terminal(&self) -> String {
        self.to_terminal_with(TerminalOptions::default())
    }

    /// The symbol as lines of half blocks, drawn as asked.
    #[must_use]
    pub fn to_terminal_with(&self, options: TerminalOptions) -> String {
        let quiet = usize::from(options.quiet_zone);
        let side = self.size().saturating_add(quiet.saturating_mul(2));
        // Three bytes for a character of two modules.
        let mut text = String::with_capacity(side.saturating_mul(side).saturating_mul(2));
        // Above and to the left of the symbol the subtraction fails, and the module is light.
        let inside = |at: usize| at.checked_sub(quiet);
        let drawn = |x, y| {
            let dark = inside(x).zip(inside(y)).is_some_and(|(x, y)| self.is_dark(x, y));
            dark == options.invert
        };
        for y in (0..side).step_by(2) {
            for x in 0..side {
                // Below the last line nothing is drawn.
                let lower = y.saturating_add(1);
                text.push(match (drawn(x, y), lower < side && drawn(x, lower)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }
}

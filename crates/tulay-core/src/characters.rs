//! Characters that are in no line of text: they cannot be seen, they change what is seen, or they
//! stand for a letter that was lost.

/// Whether every character can be seen, blanks included.
pub(crate) fn are_visible(text: &str) -> bool {
    invisible(text).is_none()
}

/// The first character that cannot be seen: its place and what it is, as a clause.
pub(crate) fn invisible(text: &str) -> Option<String> {
    // Nearly all text is plain.
    if text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return None;
    }
    let (place, c) = (1..).zip(text.chars()).find(|(_, c)| kind(*c) != Kind::Visible)?;
    Some(match kind(c) {
        Kind::Lost => format!(
            "character {place} is U+FFFD: a letter was lost when the text was read or written in \
             another encoding; write it again"
        ),
        Kind::LineBreak => format!("character {place} is a line break: remove it"),
        Kind::Tab => format!("character {place} is a tab: remove it"),
        kind => format!("character {place} is {} (U+{:04X}): remove it", kind.name(), u32::from(c)),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Visible,
    Control,
    LineBreak,
    Tab,
    Direction,
    ZeroWidth,
    PrivateUse,
    Lost,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Direction => "an invisible character that reverses the text",
            Self::ZeroWidth => "an invisible character",
            Self::PrivateUse => "a character of private use",
            _ => "a control character",
        }
    }
}

fn kind(c: char) -> Kind {
    match c {
        '\t' => Kind::Tab,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::LineBreak,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => Kind::Direction,
        '\u{2066}'..='\u{2069}' => Kind::Direction,
        // Unicode's Default_Ignorable_Code_Point, and the other format characters.
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => Kind::ZeroWidth,
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' => Kind::ZeroWidth,
        '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' => Kind::ZeroWidth,
        '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => Kind::ZeroWidth,
        '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => Kind::ZeroWidth,
        '\u{fffd}' => Kind::Lost,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Kind::PrivateUse,
        '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' => Kind::PrivateUse,
        c if c.is_control() => Kind::Control,
        _ => Kind::Visible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_character_has_a_place_and_a_kind() {
        for (text, clause) in [
            ("a\u{202e}b", "character 2 is an invisible character that reverses the text (U+202E)"),
            ("\u{200f}b", "character 1 is an invisible character that reverses the text (U+200F)"),
            ("ñb\u{200b}", "character 3 is an invisible character (U+200B)"),
            ("a\u{feff}", "character 2 is an invisible character (U+FEFF)"),
            ("a\u{ad}b", "character 2 is an invisible character (U+00AD)"),
            ("a\tb", "character 2 is a tab"),
            ("a\r\nb", "character 2 is a line break"),
            ("a\u{2028}b", "character 2 is a line break"),
            ("\u{7}", "character 1 is a control character (U+0007)"),
            ("\u{9b}1m", "character 1 is a control character (U+009B)"),
            ("\u{e001}", "character 1 is a character of private use (U+E001)"),
            ("Pe\u{fffd}a", "character 3 is U+FFFD: a letter was lost"),
        ] {
            let found = invisible(text).unwrap();
            assert!(found.starts_with(clause), "{found}");
        }
    }

    #[test]
    fn letters_of_every_script_are_visible() {
        for text in
            ["", "Ana Peña", "José", "สมชาย ใจดี", "น้ำ", "Пётр Ильич", "Nguyễn Văn A", "李明"]
        {
            assert!(are_visible(text), "{text}");
        }
    }
}

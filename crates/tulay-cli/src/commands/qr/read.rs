//! A text read strictly, or leniently and with its damage undone.

use tulay_qr::{Inspection, Leniency, Repaired, inspect, inspect_leniently, repair};

/// A text, and the code that it was before it was damaged; that is known to lenient readings only.
pub(super) struct Source {
    text: String,
    repaired: Option<Repaired>,
    lenient: bool,
}

impl Source {
    pub(super) fn new(text: String, lenient: bool) -> Self {
        let repaired = if lenient { repair(&text) } else { None };
        Self { text, repaired, lenient }
    }

    /// What the text is; leniencies begin with the repairs.
    pub(super) fn inspect(&self) -> Inspection<'_> {
        if !self.lenient {
            return inspect(&self.text);
        }
        let text = self.repaired.as_ref().map_or(&self.text, |repaired| &repaired.text);
        let mut seen = inspect_leniently(text);
        seen.leniencies.splice(0..0, self.repairs().iter().copied());
        seen
    }

    /// What was done to the text before it was read.
    pub(super) fn repairs(&self) -> &[Leniency] {
        self.repaired.as_ref().map_or(&[], |repaired| &repaired.repairs)
    }

    /// Whether a lenient reading would accept what a strict one does not.
    pub(super) fn is_read_leniently(&self) -> bool {
        !self.lenient && (inspect_leniently(&self.text).is_valid() || repair(&self.text).is_some())
    }
}

/// Why a code is not valid, in one sentence; `None` where it is.
pub(super) fn not_valid(seen: &Inspection<'_>) -> Option<String> {
    let (first, rest) = seen.findings.errors.split_first()?;
    let what = seen.lookalike.map(|lookalike| format!("it is {lookalike}"));
    let what = what.unwrap_or_else(|| first.to_string());
    let more = match rest.len() {
        0 => String::new(),
        1 => "; and one error more".to_owned(),
        count => format!("; and {count} errors more"),
    };
    Some(format!("the code is not valid: {what}{more}"))
}

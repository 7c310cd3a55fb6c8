//! A text read strictly, or leniently and with its damage undone.

use tulay_qr::{
    Error, ErrorKind, Inspection, Leniency, Repaired, inspect, inspect_leniently, repair,
};

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
    let errors = &seen.findings.errors;
    // These explain the errors before them.
    let cause =
        |error: &&Error| matches!(error.kind, ErrorKind::CrcShort | ErrorKind::LengthInBytes);
    let first = errors.iter().find(cause).or(errors.first())?;
    let what = seen.lookalike.map(|lookalike| format!("it is {lookalike}"));
    let what = what.unwrap_or_else(|| first.to_string());
    let more = match errors.len() {
        0 | 1 => String::new(),
        2 => "; and one error more".to_owned(),
        count => format!("; and {} errors more", count - 1),
    };
    Some(format!("the code is not valid: {what}{more}"))
}

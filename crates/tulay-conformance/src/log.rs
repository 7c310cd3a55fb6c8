//! Everything that is logged while something runs.

use std::{
    fmt::{self, Write as _},
    sync::{Arc, Mutex, PoisonError},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::with_default,
};

/// Runs something, and returns what it logged at any level, in events and spans.
pub(crate) fn logged<T>(run: impl FnOnce() -> T) -> (T, String) {
    let text = Arc::new(Mutex::new(String::new()));
    let value = with_default(Recorder(Arc::clone(&text)), run);
    let text = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (value, text)
}

struct Recorder(Arc<Mutex<String>>);

impl Recorder {
    fn keep(&self, record: impl FnOnce(&mut Line)) {
        let mut line = Line(String::new());
        record(&mut line);
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(&line.0);
        text.push('\n');
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.keep(|line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.keep(|line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.keep(|line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_and_spans_of_every_level_are_kept() {
        let (value, text) = logged(|| {
            let span = tracing::trace_span!("exchange", account = "001234");
            let _inside = span.enter();
            tracing::trace!(name = "Maria", "answered {}", "quietly");
            7
        });
        assert_eq!(value, 7);
        for expected in ["001234", "Maria", "answered quietly"] {
            assert!(text.contains(expected), "{text}");
        }
    }
}

//! Everything that is logged while something runs.

use std::{
    cell::RefCell,
    fmt::{self, Write as _},
    sync::OnceLock,
};
use tracing::{
    Dispatch, Event, Metadata, Subscriber,
    callsite::rebuild_interest_cache,
    dispatcher::with_default,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Logged with everything, to see that anything is.
const CONTROL: &str = "the conformance suite listens";

thread_local! {
    /// What this thread logged since it was asked to listen.
    static HEARD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs something, and returns what it logged at any level, in events and spans; `None` where
/// nothing that is logged can be seen.
pub(crate) fn logged<T>(run: impl FnOnce() -> T) -> (T, Option<String>) {
    // Within a run that listens already, the outer one would go on without its beginning.
    HEARD.take();
    let value = with_default(listener(), || {
        // Whoever registered its place of logging before anybody listened is asked again.
        rebuild_interest_cache();
        tracing::trace!("{CONTROL}");
        run()
    });
    let text = HEARD.take();
    let heard = text.contains(CONTROL).then_some(text);
    (value, heard)
}

/// The one listener of this process.
///
/// `tracing` remembers for each place of logging whether anybody listens, for all threads at once.
/// A place that is reached first by a thread without listener is remembered as mute, if there is
/// no more than one listener at that moment. So there are two, and they stay.
fn listener() -> &'static Dispatch {
    static LISTENERS: OnceLock<[Dispatch; 2]> = OnceLock::new();
    let [first, _] = LISTENERS.get_or_init(|| [Dispatch::new(Recorder), Dispatch::new(Recorder)]);
    first
}

/// Writes down what the thread that it is called on logs.
struct Recorder;

impl Recorder {
    fn keep(record: impl FnOnce(&mut Line)) {
        let mut line = Line(String::new());
        record(&mut line);
        line.0.push('\n');
        // A thread that ends has nobody who would read it.
        let _ = HEARD.try_with(|heard| heard.borrow_mut().push_str(&line.0));
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Self::keep(|line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        Self::keep(|line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        Self::keep(|line| event.record(line));
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
    use std::thread;

    #[test]
    fn events_and_spans_of_every_level_are_kept() {
        let (value, text) = logged(|| {
            let span = tracing::trace_span!("exchange", account = "001234");
            let _inside = span.enter();
            tracing::trace!(name = "Maria", "answered {}", "quietly");
            7
        });
        assert_eq!(value, 7);
        let text = text.unwrap();
        for expected in ["001234", "Maria", "answered quietly"] {
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn a_place_that_was_reached_where_nobody_listens_is_heard() {
        fn log() {
            tracing::info!("001234");
        }
        // Whichever comes first, here and in the other tests of this process.
        thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(log);
                let heard = scope.spawn(|| logged(log).1.unwrap());
                assert!(heard.join().unwrap().contains("001234"));
            }
        });
    }

    #[test]
    fn each_run_hears_itself_alone() {
        let (_, first) = logged(|| tracing::info!("first"));
        let (_, second) = logged(|| thread::spawn(|| logged(|| tracing::info!("other"))).join());
        assert!(first.unwrap().contains("first"));
        let second = second.unwrap();
        assert!(!second.contains("first") && !second.contains("other"), "{second}");
    }
}

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

/// An event of the suite's own: without it, no event is seen.
const CONTROL: &str = "the conformance suite listens";

thread_local! {
    /// What this thread has logged since recording began.
    static HEARD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs something, and returns what it logged at any level, in events and spans; `None` where
/// nothing that is logged can be seen.
pub(crate) fn logged<T>(run: impl FnOnce() -> T) -> (T, Option<String>) {
    // A run inside another one takes the beginning of the outer one's log.
    HEARD.take();
    let value = with_default(listener(), || {
        // Callsites that were registered before there was a subscriber are asked again.
        rebuild_interest_cache();
        tracing::trace!("{CONTROL}");
        run()
    });
    let text = HEARD.take();
    let heard = text.contains(CONTROL).then_some(text);
    (value, heard)
}

/// The subscriber of this process.
///
/// `tracing` caches for each callsite whether a subscriber wants it, for all threads at once. While
/// there is only one subscriber, a callsite that is first reached by a thread without it is cached
/// as disabled. So there are two subscribers, and they stay.
fn listener() -> &'static Dispatch {
    static LISTENERS: OnceLock<[Dispatch; 2]> = OnceLock::new();
    let [first, _] = LISTENERS.get_or_init(|| [Dispatch::new(Recorder), Dispatch::new(Recorder)]);
    first
}

/// Records what the calling thread logs.
struct Recorder;

impl Recorder {
    fn keep(record: impl FnOnce(&mut Line)) {
        let mut line = Line(String::new());
        record(&mut line);
        line.0.push('\n');
        // The log of a thread that ends is never read.
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
    fn a_callsite_first_reached_without_subscriber_is_kept() {
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
    fn each_run_records_itself_alone() {
        let (_, first) = logged(|| tracing::info!("first"));
        let (_, second) = logged(|| thread::spawn(|| logged(|| tracing::info!("other"))).join());
        assert!(first.unwrap().contains("first"));
        let second = second.unwrap();
        assert!(!second.contains("first") && !second.contains("other"), "{second}");
    }
}

//! Moments that a seed repeats.

use std::{
    sync::mpsc::{RecvTimeoutError, channel},
    time::Duration,
};

/// A generator of numbers (xorshift).
pub(crate) struct Random {
    pub(crate) seed: u64,
    state: u64,
}

impl Random {
    pub(crate) fn from_environment() -> Self {
        let seed = number("TULAY_KILL_SEED").unwrap_or(0x5eed_2026).max(1);
        println!("seed {seed}");
        Self { seed, state: seed }
    }

    /// A number below another.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % most
    }

    /// Lets a process run for a random time, in microseconds.
    pub(crate) fn wait(&mut self, longest: u64) {
        self.wait_from(0, longest);
    }

    pub(crate) fn wait_from(&mut self, shortest: u64, longest: u64) {
        let time = Duration::from_micros(shortest + self.below(longest - shortest));
        let (_open, never) = channel::<()>();
        assert_eq!(never.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    }
}

/// A number of the environment.
#[expect(clippy::disallowed_methods, reason = "who runs the tests chooses how long they take")]
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

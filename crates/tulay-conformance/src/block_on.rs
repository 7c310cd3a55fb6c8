//! Runs a future on this thread. Adapters need no runtime, and here they have none.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future, sync::mpsc};

    #[test]
    fn a_future_that_is_woken_from_another_thread_ends() {
        let (send, receive) = mpsc::channel::<Waker>();
        let waking = thread::spawn(move || receive.recv().unwrap().wake());
        let mut polled = 0;
        let value = block_on(future::poll_fn(|context| {
            polled += 1;
            if polled == 1 {
                send.send(context.waker().clone()).unwrap();
                return Poll::Pending;
            }
            Poll::Ready(polled)
        }));
        waking.join().unwrap();
        assert!(value >= 2);
    }
}

//! What waits for the connections. Calls of one kind that wait together become one transaction.

use super::{
    accept::Accepting, inbox::Receiving, kind::Kind, process::Process, transaction::Transaction,
    trouble::Trouble, write::Writing,
};
use crate::{
    record::Write,
    store::{Acceptance, Incoming, StoreError},
};
use async_trait::async_trait;
use futures_util::future::BoxFuture;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Notify, oneshot};

/// At most so many calls are one transaction.
const LARGEST_GROUP: usize = 256;

/// Work that is one transaction, and its callers.
#[async_trait]
pub(super) trait Work: Send {
    /// Does the work and commits it. It may be done again when its transaction was rolled back.
    async fn run(&mut self, transaction: &mut Transaction) -> Result<(), Trouble>;
    /// Answers, once the work is durable or has failed.
    fn answer(self: Box<Self>, result: Result<(), StoreError>);
    /// Its calls, each alone.
    fn split(self: Box<Self>) -> Vec<Box<dyn Work>>;
    /// How many calls it has.
    fn calls(&self) -> usize;
}

type Answers<K> = Result<Vec<<K as Kind>::Answer>, StoreError>;

/// One call of a kind.
struct Call<K: Kind> {
    items: Vec<K::Item>,
    reply: oneshot::Sender<Answers<K>>,
}

/// A job that waits.
enum Job {
    Accept(Call<Accepting>),
    Write(Call<Writing>),
    Receive(Call<Receiving>),
    Alone(Box<dyn Work>),
}

/// The jobs that wait.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

struct Waiting {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

impl Queue {
    pub(super) fn new() -> Self {
        let waiting = Waiting { jobs: VecDeque::new(), is_closed: false };
        Self { waiting: Mutex::new(waiting), changed: Notify::new() }
    }

    /// Accepts payments, and waits until that is durable.
    pub(super) async fn accept(&self, items: Vec<Acceptance>) -> Answers<Accepting> {
        self.grouped(items, Job::Accept).await
    }

    /// Writes steps, and waits until they are durable.
    pub(super) async fn write(&self, items: Vec<Write>) -> Answers<Writing> {
        self.grouped(items, Job::Write).await
    }

    /// Keeps notifications, and waits until that is durable.
    pub(super) async fn receive(&self, items: Vec<Incoming>) -> Answers<Receiving> {
        self.grouped(items, Job::Receive).await
    }

    /// Does work in a transaction of its own, which it commits, and waits until that is durable.
    pub(super) async fn call<I: Send + Sync + 'static, T: Send + 'static>(
        &self,
        input: I,
        work: Alike<I, T>,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.push(Job::Alone(Box::new(Alone { input, work, done: None, reply })))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// The next work; `None`: the journal is closed.
    pub(super) async fn next(&self, process: &Process) -> Option<Box<dyn Work>> {
        loop {
            let changed = self.changed.notified();
            {
                let mut waiting = self.lock();
                if let Some(work) = waiting.take(process) {
                    if !waiting.jobs.is_empty() {
                        self.changed.notify_one();
                    }
                    return Some(work);
                }
                if waiting.is_closed {
                    self.changed.notify_one();
                    return None;
                }
            }
            changed.await;
        }
    }

    /// Takes no more jobs. What waits is done.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
    }

    async fn grouped<K: Kind>(
        &self,
        items: Vec<K::Item>,
        job: impl Fn(Call<K>) -> Job,
    ) -> Answers<K> {
        let (reply, answer) = oneshot::channel();
        self.push(job(Call { items, reply }))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    fn push(&self, job: Job) -> Result<(), StoreError> {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return Err(StoreError::Closed);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// The job that waits longest, with those of its kind.
    fn take(&mut self, process: &Process) -> Option<Box<dyn Work>> {
        match self.jobs.pop_front()? {
            Job::Alone(work) => Some(work),
            Job::Accept(first) => Some(self.group(first, process, |job| match job {
                Job::Accept(call) => Ok(call),
                other => Err(other),
            })),
            Job::Write(first) => Some(self.group(first, process, |job| match job {
                Job::Write(call) => Ok(call),
                other => Err(other),
            })),
            Job::Receive(first) => Some(self.group(first, process, |job| match job {
                Job::Receive(call) => Ok(call),
                other => Err(other),
            })),
        }
    }

    fn group<K: Kind>(
        &mut self,
        first: Call<K>,
        process: &Process,
        of_kind: impl Fn(Job) -> Result<Call<K>, Job>,
    ) -> Box<dyn Work> {
        let mut calls = vec![first];
        for job in std::mem::take(&mut self.jobs) {
            if calls.len() >= LARGEST_GROUP {
                self.jobs.push_back(job);
                continue;
            }
            match of_kind(job) {
                Ok(call) => calls.push(call),
                Err(other) => self.jobs.push_back(other),
            }
        }
        Box::new(Group { process: process.clone(), calls, answers: Vec::new() })
    }
}

/// Calls of one kind.
struct Group<K: Kind> {
    process: Process,
    calls: Vec<Call<K>>,
    answers: Vec<K::Answer>,
}

#[async_trait]
impl<K: Kind> Work for Group<K> {
    async fn run(&mut self, transaction: &mut Transaction) -> Result<(), Trouble> {
        let items: Vec<_> = self.calls.iter().flat_map(|call| &call.items).collect();
        self.answers = K::run(&self.process, transaction, &items).await?;
        Ok(())
    }

    fn answer(self: Box<Self>, result: Result<(), StoreError>) {
        let mut answers = self.answers.into_iter();
        for Call { items, reply } in self.calls {
            let answers = answers.by_ref().take(items.len());
            // A caller that went away reads the outcome later, as after a crash.
            let _ = reply.send(result.clone().map(|()| answers.collect()));
        }
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Work>> {
        let process = self.process;
        let alone = |call| {
            let group = Self { process: process.clone(), calls: vec![call], answers: Vec::new() };
            Box::new(group) as Box<dyn Work>
        };
        self.calls.into_iter().map(alone).collect()
    }

    fn calls(&self) -> usize {
        self.calls.len()
    }
}

/// Work that may be done again with the same input.
pub(super) type Alike<I, T> =
    for<'a> fn(&'a I, &'a mut Transaction) -> BoxFuture<'a, Result<T, Trouble>>;

/// Work that is not grouped.
struct Alone<I, T> {
    input: I,
    work: Alike<I, T>,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

#[async_trait]
impl<I: Send + Sync + 'static, T: Send + 'static> Work for Alone<I, T> {
    async fn run(&mut self, transaction: &mut Transaction) -> Result<(), Trouble> {
        self.done = Some((self.work)(&self.input, transaction).await?);
        Ok(())
    }

    fn answer(self: Box<Self>, result: Result<(), StoreError>) {
        let Self { done, reply, .. } = *self;
        let _ = reply.send(result.and_then(|()| done.ok_or(StoreError::Closed)));
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Work>> {
        vec![self]
    }

    fn calls(&self) -> usize {
        1
    }
}

//! Stores the integrations and conversations in a file that survives a kill of the process at any moment.
//!
//! One thread owns the database ([`worker`]). A change is on disk before its caller is notified; changes that wait at the same
//! time share a commit.

mod entry;
mod file;
mod worker;

use std::{
    io,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use redb::{ReadableTable, ReadableTableMetadata, TableDefinition};
use tokio::sync::{oneshot, watch};

use crate::state::{
    Change, Integrations, Page, StateError,
    conversations::{self, Conversation},
    integration::Integration,
};
use file::Unusable;
use worker::{Job, Tables};

/// The integration of each project, as serialized by [`entry`].
const INTEGRATIONS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("integrations");

/// The conversations, by identifier, in JSON. Files of earlier versions do not have this table.
const CONVERSATIONS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("conversations");

/// A handle to the thread that owns the database.
#[derive(Debug)]
pub(crate) struct Database {
    path: PathBuf,
    jobs: mpsc::Sender<Job>,
    /// Why the thread ended, if it failed.
    failure: watch::Receiver<Option<String>>,
    is_new: bool,
}

impl Database {
    /// Opens the file, or creates it with the `initial` integrations; also returns the conversations in it.
    pub(crate) async fn open(
        path: &Path,
        initial: Integrations,
    ) -> Result<(Self, conversations::All), StateError> {
        let (jobs, received) = mpsc::channel();
        let (failed, failure) = watch::channel(None);
        let (opened, is_open) = oneshot::channel();
        let file = path.to_owned();
        let thread = move || match file::open(&file, &initial) {
            Ok((database, is_new, conversations)) => {
                drop(initial);
                // The caller may have given up in the meantime; in that case, there are no jobs either.
                _ = opened.send(Ok((is_new, conversations)));
                if let Err(problem) = worker::work(database, &received) {
                    failed.send_replace(Some(problem.to_string()));
                }
            }
            Err(unusable) => _ = opened.send(Err(unusable)),
        };
        let spawned = thread::Builder::new()
            .name("sandbox-state".to_owned())
            .spawn(thread);
        let opened = match spawned {
            // Without a result, the thread panicked: redb does so for some damaged files.
            Ok(_) => is_open.await.unwrap_or(Err(Unusable::Damaged)),
            Err(error) => Err(Unusable::Io(error)),
        };
        match opened {
            Ok((is_new, conversations)) => {
                let database = Self {
                    path: path.to_owned(),
                    jobs,
                    failure,
                    is_new,
                };
                Ok((database, conversations))
            }
            Err(unusable) => Err(unusable.into_error(path)),
        }
    }

    /// Whether opening the file created it.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// Replaces the integration of a project with the result of `change`.
    pub(crate) async fn change_one<T: Send + 'static>(
        &self,
        project_id: &str,
        change: impl Change<T>,
    ) -> Result<T, StateError> {
        let project_id = project_id.to_owned();
        self.change(move |tables| {
            let table = &mut tables.integrations;
            let (changed, result) = change(entry_of(table, &project_id)?);
            match changed {
                Some(integration) => {
                    let written = entry::write(&integration)?;
                    table.insert(project_id.as_str(), written.as_slice())?;
                }
                None => _ = table.remove(project_id.as_str())?,
            }
            Ok(result)
        })
        .await
    }

    pub(crate) async fn replace(&self, integrations: Integrations) -> Result<(), StateError> {
        self.change(move |tables| {
            tables.integrations.retain(|_, _| false)?;
            file::fill(&mut tables.integrations, &integrations)
        })
        .await
    }

    /// Queues a change of this conversation; the returned future resolves once it is on disk.
    pub(crate) fn save_conversation(
        &self,
        conversation: &Conversation,
    ) -> impl Future<Output = Result<(), StateError>> + Send + '_ {
        let id = conversation.id.clone();
        let written = serde_json::to_vec(conversation).map_err(io::Error::from);
        self.change(move |tables| {
            tables
                .conversations
                .insert(id.as_str(), written?.as_slice())?;
            Ok(())
        })
    }

    /// Queues the removal of every conversation.
    pub(crate) fn forget_conversations(
        &self,
    ) -> impl Future<Output = Result<(), StateError>> + Send + '_ {
        self.change(|tables| Ok(tables.conversations.retain(|_, _| false)?))
    }

    pub(crate) async fn integration(
        &self,
        project_id: &str,
    ) -> Result<Option<Integration>, StateError> {
        let project_id = project_id.to_owned();
        self.read(move |table| entry_of(table, &project_id)).await
    }

    pub(crate) async fn page(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> Result<Page, StateError> {
        self.read(move |table| {
            let after = after.as_deref();
            let mut integrations = Vec::new();
            let mut next = None;
            // The first one may be `after` itself.
            for listed in table.range(after.unwrap_or_default()..)?.take(limit + 2) {
                let (project_id, value) = listed?;
                let project_id = project_id.value();
                if after == Some(project_id) {
                    continue;
                }
                if integrations.len() == limit {
                    next = integrations
                        .last()
                        .map(|(last, _): &(Box<str>, _)| last.clone());
                    break;
                }
                let integration = entry::read(project_id, value.value())?;
                integrations.push((project_id.into(), integration));
            }
            Ok(Page {
                integrations,
                next,
                total: table.len()?,
            })
        })
        .await
    }

    /// Closes the file, and returns once another process can open it.
    pub(crate) async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        // If the thread has ended, the file is already closed.
        if self.jobs.send(Job::Close(closed)).is_ok() {
            _ = is_closed.await;
        }
    }

    /// Queues a change, before the returned future is awaited.
    fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Tables<'_>) -> Result<T, redb::Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, StateError>> + Send + '_ {
        let (done, outcome) = oneshot::channel();
        self.queue(Job::Change(Box::new(|tables| {
            let value = change(tables)?;
            // The caller may have given up in the meantime.
            Ok(Box::new(|| _ = done.send(value)))
        })));
        self.outcome(outcome)
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&redb::ReadOnlyTable<&str, &[u8]>) -> Result<T, redb::Error> + Send + 'static,
    ) -> Result<T, StateError> {
        let (done, outcome) = oneshot::channel();
        self.queue(Job::Read(Box::new(|table| {
            _ = done.send(read(table)?);
            Ok(())
        })));
        self.outcome(outcome).await
    }

    fn queue(&self, job: Job) {
        // If the thread has ended, the job is dropped together with its sender.
        _ = self.jobs.send(job);
    }

    async fn outcome<T>(&self, outcome: oneshot::Receiver<T>) -> Result<T, StateError> {
        match outcome.await {
            Ok(value) => Ok(value),
            Err(_) => Err(self.failure().await),
        }
    }

    /// Why the thread ended. It drops the failed job before it records the reason.
    async fn failure(&self) -> StateError {
        let mut failure = self.failure.clone();
        let reason = failure.wait_for(Option::is_some).await;
        let reason = reason.ok().and_then(|reason| reason.clone());
        let reason = reason.unwrap_or_else(|| "it is closed".to_owned());
        StateError::failed(
            format!(
                "the state file `{}` can no longer be used: {reason}",
                self.path.display()
            ),
            "check the state file and its disk, then restart the sandbox",
        )
    }
}

fn entry_of(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
    project_id: &str,
) -> Result<Option<Integration>, redb::Error> {
    let known = table.get(project_id)?;
    known
        .map(|value| entry::read(project_id, value.value()))
        .transpose()
}

//! The state that the sandbox keeps between requests: the integration of each project.

mod database;
pub(crate) mod integration;
mod memory;
pub(crate) mod operations;
pub(crate) mod seed;

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::ExposeSecret;
use spec_first_document::Finding;
use tokio::sync::watch;

use crate::{Options, StartError};
use database::Database;
use integration::{Integration, Update};
use memory::Memory;

/// The integrations, by project.
pub(crate) type Integrations = BTreeMap<Box<str>, Integration>;

/// The state of a sandbox.
#[derive(Debug)]
pub(crate) struct State {
    store: Store,
    /// The initial state, which a reset restores.
    initial: Integrations,
    made_on_first_use: bool,
    version: watch::Sender<u64>,
}

/// A page of integrations, sorted by project.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) integrations: Vec<(Box<str>, Integration)>,
    /// The last project on this page; `None` if this is the last page.
    pub(crate) next: Option<Box<str>>,
    /// The total number of integrations.
    pub(crate) total: u64,
}

/// Why the state cannot be read or changed. Only happens with a state file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The state file failed. A requested change may or may not be in it. The sandbox must be restarted.
    #[error("the state file `{}` can no longer be used: {reason}", path.display())]
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// The cause reported by the database.
        reason: String,
    },
}

/// Where the integrations are stored.
#[derive(Debug)]
enum Store {
    Memory(Memory),
    Database(Database),
}

impl State {
    /// The state described by the options. Leaves out the integrations if no operation uses them.
    pub(crate) async fn of(options: &Options, is_stateful: bool) -> Result<Self, StartError> {
        let projects = options.projects.iter().filter(|_| is_stateful);
        let mut initial: Integrations = projects
            .map(|project_id| (project_id.as_str().into(), Integration::default()))
            .collect();
        if let Some((name, text)) = &options.seed {
            let seeded = seed::parse(name, text.expose_secret()).map_err(unusable_seed)?;
            initial.extend(seeded);
        }
        let store = match &options.state_file {
            Some(path) => Store::Database(Database::open(path, initial.clone()).await?),
            None => Store::Memory(Memory::of(initial.clone())),
        };
        Ok(Self {
            store,
            initial,
            made_on_first_use: options.every_project,
            version: watch::Sender::new(0),
        })
    }

    /// Changes the integration of a project and returns it; `None` if there is none.
    pub(crate) async fn update(
        &self,
        project_id: &str,
        update: Update,
    ) -> Result<Option<Integration>, StateError> {
        let made_on_first_use = self.made_on_first_use;
        let updated = match &self.store {
            Store::Memory(memory) => memory.update(project_id, update, made_on_first_use),
            Store::Database(database) => {
                database
                    .update(project_id, update, made_on_first_use)
                    .await?
            }
        };
        if updated.is_some() {
            self.announce();
        }
        Ok(updated)
    }

    pub(crate) async fn integration(
        &self,
        project_id: &str,
    ) -> Result<Option<Integration>, StateError> {
        let known = match &self.store {
            Store::Memory(memory) => memory.integration(project_id),
            Store::Database(database) => database.integration(project_id).await?,
        };
        Ok(known.or_else(|| self.made_on_first_use.then(Integration::default)))
    }

    /// At most `limit` integrations, of the projects after `after`.
    pub(crate) async fn page(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> Result<Page, StateError> {
        match &self.store {
            Store::Memory(memory) => Ok(memory.page(after.as_deref(), limit)),
            Store::Database(database) => database.page(after, limit).await,
        }
    }

    /// Replaces all integrations.
    pub(crate) async fn replace(&self, integrations: Integrations) -> Result<(), StateError> {
        match &self.store {
            Store::Memory(memory) => memory.replace(integrations),
            Store::Database(database) => database.replace(integrations).await?,
        }
        self.announce();
        Ok(())
    }

    /// Restores the initial state.
    pub(crate) async fn reset(&self) -> Result<(), StateError> {
        self.replace(self.initial.clone()).await
    }

    /// Whether it was resumed from an existing state file.
    pub(crate) fn is_continued(&self) -> bool {
        matches!(&self.store, Store::Database(database) if !database.is_new())
    }

    /// Closes the state file, and returns once another process can open it.
    pub(crate) async fn close(&self) {
        if let Store::Database(database) = &self.store {
            database.close().await;
        }
    }

    /// Watches for changes; several of them may be reported as one.
    pub(crate) fn version(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Whether a project without an integration gets one on first use.
    pub(crate) fn is_made_on_first_use(&self) -> bool {
        self.made_on_first_use
    }

    fn announce(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}

fn unusable_seed(finding: Finding) -> StartError {
    StartError::Seed {
        problem: finding.to_string(),
        help: finding.help,
    }
}

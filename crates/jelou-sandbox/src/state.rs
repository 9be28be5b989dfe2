//! What the sandbox remembers between requests: the integration of each project.

mod database;
pub(crate) mod integration;
mod memory;
pub(crate) mod operations;
pub(crate) mod seed;

use std::{collections::BTreeMap, path::PathBuf};

use openapi_document::Finding;
use secrecy::ExposeSecret;
use tokio::sync::watch;

use crate::{Options, StartError};
use database::Database;
use integration::{Integration, Update};
use memory::Memory;

/// The integration of each project that has one.
pub(crate) type Integrations = BTreeMap<Box<str>, Integration>;

/// The state of a sandbox.
#[derive(Debug)]
pub(crate) struct State {
    store: Store,
    /// What it starts with, and what a reset brings back.
    initial: Integrations,
    made_on_first_use: bool,
    version: watch::Sender<u64>,
}

/// Some of the integrations, in the order of their projects.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) integrations: Vec<(Box<str>, Integration)>,
    /// The last project of this page; `None` if no integration comes behind it.
    pub(crate) next: Option<Box<str>>,
    /// How many there are in all.
    pub(crate) total: u64,
}

/// Why the state cannot be read or changed. Without a state file, it always can.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The state file failed. A change that was asked for may be in it or not; the sandbox must be started again.
    #[error("the state file `{}` cannot be used any more: {reason}", path.display())]
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// What its database says.
        reason: String,
    },
}

/// Where the integrations are kept.
#[derive(Debug)]
enum Store {
    Memory(Memory),
    Database(Database),
}

impl State {
    /// The state that the options describe; without the projects they name if no operation would find their integrations.
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

    /// Changes the integration of a project and returns it; `None` if it has none.
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

    /// At most `limit` integrations, of the projects behind `after`.
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

    /// Gives these integrations to their projects, and no other project has one.
    pub(crate) async fn replace(&self, integrations: Integrations) -> Result<(), StateError> {
        match &self.store {
            Store::Memory(memory) => memory.replace(integrations),
            Store::Database(database) => database.replace(integrations).await?,
        }
        self.announce();
        Ok(())
    }

    /// Brings back what the sandbox was told to start with.
    pub(crate) async fn reset(&self) -> Result<(), StateError> {
        self.replace(self.initial.clone()).await
    }

    /// Whether it goes on with what a state file held already.
    pub(crate) fn is_continued(&self) -> bool {
        matches!(&self.store, Store::Database(database) if !database.is_new())
    }

    /// Closes the state file, and returns when another process can open it.
    pub(crate) async fn close(&self) {
        if let Store::Database(database) = &self.store {
            database.close().await;
        }
    }

    /// Counts the changes; whoever watches it sees that there was one, and not each one.
    pub(crate) fn version(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Whether a project gets an integration when it is asked for one.
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

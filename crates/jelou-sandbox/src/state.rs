//! The state that the sandbox keeps between requests: the integration of each project, and the conversations.

pub(crate) mod conversations;
mod database;
pub(crate) mod integration;
mod memory;
mod operations;
mod seed;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use spec_first_document::Finding;
use spec_first_sandbox::{
    Call, Deliveries, DocumentedOperation, Form, Rejection, Reply, Served, State, StateError,
    StateFuture,
};

use crate::{Options, control};
use conversations::Conversations;
use database::Database;
use integration::{Integration, Update};
use memory::Memory;

/// The integrations, by project.
pub(crate) type Integrations = BTreeMap<Box<str>, Integration>;

/// A change of the integration of a project, which also returns a result.
pub(crate) trait Change<T>:
    FnOnce(Option<Integration>) -> (Option<Integration>, T) + Send + 'static
{
}

impl<T, F> Change<T> for F where
    F: FnOnce(Option<Integration>) -> (Option<Integration>, T) + Send + 'static
{
}

/// The integrations of a sandbox, its conversations, and its deliveries.
#[derive(Debug)]
pub(crate) struct Panel {
    store: Store,
    pub(crate) conversations: Conversations,
    deliveries: OnceLock<Deliveries>,
    /// The initial state, which a reset restores.
    initial: Integrations,
    made_on_first_use: bool,
    /// The projects whose integrations were deleted, and are not created again on first use.
    deleted: Mutex<BTreeSet<Box<str>>>,
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

/// Where the integrations are stored.
#[derive(Debug)]
enum Store {
    Memory(Memory),
    Database(Arc<Database>),
}

impl Panel {
    /// Whether one of the operations is the panel's.
    pub(crate) fn handles<'a>(
        mut operations: impl Iterator<Item = DocumentedOperation<'a>>,
    ) -> bool {
        operations.any(operations::handles)
    }

    /// Opens the state described by the options; without the integrations that they name if the document is not the panel's.
    pub(crate) async fn open(options: &Options, is_stateful: bool) -> Result<Self, StateError> {
        let projects = options.projects.iter().filter(|_| is_stateful);
        let mut initial: Integrations = projects
            .map(|project_id| (project_id.as_str().into(), Integration::default()))
            .collect();
        if let Some((name, text)) = &options.seed {
            let seeded = seed::parse(name, text.expose_secret()).map_err(unusable_seed)?;
            initial.extend(seeded);
        }
        let (store, conversations) = match &options.state_file {
            Some(path) => {
                let (database, conversations) = Database::open(path, initial.clone()).await?;
                let database = Arc::new(database);
                let conversations = Conversations::of(conversations, Arc::clone(&database));
                (Store::Database(database), conversations)
            }
            None => (
                Store::Memory(Memory::of(initial.clone())),
                Conversations::default(),
            ),
        };
        Ok(Self {
            store,
            conversations,
            deliveries: OnceLock::new(),
            initial,
            made_on_first_use: options.every_project,
            deleted: Mutex::default(),
        })
    }

    /// Changes the integration of a project and returns it; `None` if there is none.
    pub(crate) async fn update(
        &self,
        project_id: &str,
        update: Update,
    ) -> Result<Option<Integration>, StateError> {
        let default = self.made_on_first_use(project_id);
        self.change(project_id, move |known| {
            let updated = known.or(default).map(|mut integration| {
                integration.update(update, Timestamp::now());
                integration
            });
            (updated.clone(), updated)
        })
        .await
    }

    /// Replaces the integration of a project with the result of `change`.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        project_id: &str,
        change: impl Change<T>,
    ) -> Result<T, StateError> {
        match &self.store {
            Store::Memory(memory) => Ok(memory.change(project_id, change)),
            Store::Database(database) => database.change_one(project_id, change).await,
        }
    }

    /// The sender of events.
    pub(crate) fn deliveries(&self) -> &Deliveries {
        self.deliveries.get_or_init(Deliveries::default)
    }

    pub(crate) async fn integration(
        &self,
        project_id: &str,
    ) -> Result<Option<Integration>, StateError> {
        let known = match &self.store {
            Store::Memory(memory) => memory.integration(project_id),
            Store::Database(database) => database.integration(project_id).await?,
        };
        Ok(known.or(self.made_on_first_use(project_id)))
    }

    /// A new integration for a project that has none, if every project gets one.
    fn made_on_first_use(&self, project_id: &str) -> Option<Integration> {
        let is_made = self.made_on_first_use && !self.deleted().contains(project_id);
        is_made.then(Integration::default)
    }

    /// Keeps the project without an integration until a request creates one.
    pub(crate) fn forget(&self, project_id: &str) {
        if self.made_on_first_use {
            self.deleted().insert(project_id.into());
        }
    }

    fn deleted(&self) -> MutexGuard<'_, BTreeSet<Box<str>>> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner)
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
    async fn replace_all(&self, integrations: Integrations) -> Result<(), StateError> {
        self.deleted().clear();
        match &self.store {
            Store::Memory(memory) => memory.replace(integrations),
            Store::Database(database) => database.replace(integrations).await?,
        }
        Ok(())
    }

    /// Whether it was resumed from an existing state file.
    pub(crate) fn is_continued(&self) -> bool {
        matches!(&self.store, Store::Database(database) if !database.is_new())
    }
}

impl State for Panel {
    fn serve(&self, served: Served<'_>) {
        // Shared by all versions of the document.
        self.deliveries.get_or_init(|| served.deliveries());
    }

    fn handles(&self, operation: DocumentedOperation<'_>) -> bool {
        operations::handles(operation)
    }

    fn answer<'a>(&'a self, call: Call<'a>) -> StateFuture<'a, Result<Reply, Rejection>> {
        operations::answer(self, call)
    }

    fn show(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> StateFuture<'_, Result<Map<String, Value>, StateError>> {
        Box::pin(async move { Ok(self.shown(&self.page(after, limit).await?)) })
    }

    fn replace(&self, seed: String) -> StateFuture<'_, Result<(), StateError>> {
        Box::pin(async move {
            // Parsing a large seed takes a while.
            let read = tokio::task::spawn_blocking(move || seed::parse("body", &seed));
            let integrations = match read.await {
                Ok(Ok(integrations)) => integrations,
                Ok(Err(finding)) => {
                    return Err(StateError::invalid(finding.to_string(), finding.help));
                }
                Err(_) => {
                    let help = "this is a bug in the sandbox; please report it";
                    return Err(StateError::failed("the seed could not be parsed", help));
                }
            };
            self.replace_all(integrations).await
        })
    }

    fn reset(&self) -> StateFuture<'_, Result<(), StateError>> {
        Box::pin(async {
            self.conversations.clear().await?;
            self.replace_all(self.initial.clone()).await
        })
    }

    fn sends_webhooks(&self) -> bool {
        true
    }

    fn control_routes(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &control::ROUTES
    }

    fn forms(&self) -> &'static [Form] {
        &control::FORMS
    }

    fn control<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Value,
    ) -> StateFuture<'a, Result<Reply, StateError>> {
        Box::pin(async move {
            _ = (method, path);
            control::write(self, &body).await
        })
    }

    fn close(&self) -> StateFuture<'_, ()> {
        Box::pin(async {
            if let Store::Database(database) = &self.store {
                database.close().await;
            }
        })
    }
}

impl Panel {
    fn shown(&self, page: &Page) -> Map<String, Value> {
        let integrations = page.integrations.iter();
        let integrations = integrations.map(|(project_id, integration)| {
            (project_id.to_string(), integration.shown(project_id))
        });
        let mut shown = Map::new();
        shown.insert("total".to_owned(), page.total.into());
        shown.insert("next".to_owned(), json!(page.next));
        shown.insert("everyProject".to_owned(), self.made_on_first_use.into());
        if self.made_on_first_use {
            let note = "Any other project gets an integration on first use.";
            shown.insert("note".to_owned(), note.into());
        } else if page.total == 0 {
            shown.insert("note".to_owned(), "No project has an integration.".into());
        }
        shown.insert("integrations".to_owned(), integrations.collect());
        let conversations = self.conversations.shown();
        if !conversations.is_empty() {
            shown.insert("conversations".to_owned(), conversations.into());
        }
        shown
    }
}

fn unusable_seed(finding: Finding) -> StateError {
    StateError::invalid(format!("invalid seed: {finding}"), finding.help)
}

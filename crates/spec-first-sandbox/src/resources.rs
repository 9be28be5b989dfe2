//! The state of any document: its operations create, list, read, change and delete resources, by convention.
//!
//! Requests are validated before they get here. An answer conforms to the document even if the resource that is kept does not.

mod filling;
mod listing;
mod plan;
mod resource;
mod showing;
mod store;
mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde_json::{Map, Value};

use crate::{
    Call, DocumentedOperation, Rejection, Reply, Served, State, StateError, StateFuture,
    StatusCode, contract::mock_resource::Action,
};
use plan::Plan;
use store::Store;
use work::Work;

/// The state of any API, by convention: `POST /things` creates, `GET /things` lists, and `GET`, `PUT`, `PATCH` and `DELETE` of
/// `/things/{id}` work on what was created. It starts with the examples of the document, and is kept in memory.
///
/// [`Sandbox::start`](crate::Sandbox::start) uses it, unless the options say
/// [`stateless`](crate::Options::stateless). The README lists what it does, and how a document overrides it.
#[derive(Debug, Default)]
pub struct Resources {
    plan: RwLock<Arc<Plan>>,
    store: Mutex<Store>,
}

impl Resources {
    fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn perform(&self, call: Call<'_>) -> Result<Reply, Rejection> {
        let plan = self.plan();
        // Another version of the document may be served since the request arrived.
        let Some((role, resource)) = plan.role(call.operation()) else {
            return Ok(Reply::documented(StatusCode::OK));
        };
        if let Some(example) = call.named_example() {
            return Ok(example);
        }
        let work = Work::of(call, role, resource);
        if !work.is_understood() {
            return Ok(Reply::documented(StatusCode::OK));
        }
        let path = role.collection(call);
        let mut store = self.lock();
        if store.is_below_deleted(&path) {
            return Err(work.missing());
        }
        let parents = role.parents(call);
        let seeds = || resource.seeds(&parents);
        if role.action == Action::List {
            let found = store.list(&path, seeds);
            drop(store);
            return Ok(work.show_all(StatusCode::OK, found));
        }
        if role.action == Action::Create {
            return work.create(&mut store, &path, seeds);
        }
        let body = work.body();
        let mut key = work.key(body.as_ref());
        let mut found = key.as_ref().and_then(|key| store.find(&path, key, seeds));
        if let (None, Some(given)) = (&found, key.clone()) {
            let is_in_path = role.id.is_some();
            let named = is_in_path.then(|| store.named(&path, &given, seeds));
            if let Some((known, named)) = named.flatten() {
                (key, found) = (Some(known), Some(named));
            } else if store.is_untouched(&path, &given) {
                found = resource.made(&given, &parents);
            }
        }
        if let Some(unchanged) = work.check_version(found.as_ref())? {
            return Ok(unchanged);
        }
        let (key, body) = (key.ok_or_else(|| work.missing())?, body.unwrap_or_default());
        let id = found.as_ref().and_then(|found| resource.id_of(found));
        let is_new = found.is_none();
        let mut changed = match (role.action, found) {
            (Action::Read, Some(found)) => {
                drop(store);
                return Ok(work.show(StatusCode::OK, &found));
            }
            (Action::Delete, Some(found)) => {
                store.collection(&path, seeds);
                store.delete(&path, &key);
                drop(store);
                return Ok(work.show(StatusCode::NO_CONTENT, &found).changed());
            }
            (Action::Update, Some(found)) => work.updated(found, body)?,
            (Action::Replace, Some(found)) => work.replaced(found, body),
            (_, None) if role.may_create => body,
            _ => return Err(work.missing()),
        };
        // A change does not identify another resource.
        changed.extend(id);
        store.collection(&path, seeds);
        work.keep(&mut store, &path, &key, changed, is_new)
    }

    fn lock(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State for Resources {
    fn serve(&self, served: Served<'_>) {
        let mut plan = self.plan.write().unwrap_or_else(PoisonError::into_inner);
        *plan = Arc::new(Plan::of(served.contract));
    }

    fn handles(&self, operation: DocumentedOperation<'_>) -> bool {
        self.plan().role(operation).is_some()
    }

    fn answer<'a>(&'a self, call: Call<'a>) -> StateFuture<'a, Result<Reply, Rejection>> {
        let answer = self.perform(call);
        Box::pin(async { answer })
    }

    fn show(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> StateFuture<'_, Result<Map<String, Value>, StateError>> {
        let plan = self.plan();
        let mut store = self.lock();
        for resource in plan.resources.iter().filter(|it| it.is_at_top()) {
            store.collection(&resource.path, || resource.seeds(&[]));
        }
        let shown = store.shown(after.as_deref(), limit, &plan.redaction);
        drop(store);
        Box::pin(async { Ok(shown) })
    }

    fn replace(&self, seed: String) -> StateFuture<'_, Result<(), StateError>> {
        let replaced = Store::parse(&seed, &self.plan().resources);
        let replaced = replaced.map(|store| *self.lock() = store);
        let replaced = replaced.map_err(|finding| {
            StateError::invalid(format!("invalid state: {finding}"), finding.help)
        });
        Box::pin(async { replaced })
    }

    fn reset(&self) -> StateFuture<'_, Result<(), StateError>> {
        *self.lock() = Store::default();
        Box::pin(async { Ok(()) })
    }
}

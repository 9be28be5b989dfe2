//! The state of any document: its operations create, list, read, change and delete resources, by convention.
//!
//! Requests are validated before they get here. An answer conforms to the document even if the resource that is kept does not.

mod filling;
mod listing;
mod plan;
mod resource;
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
        let work = Work {
            call,
            role,
            resource,
        };
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
        if let (Action::Create, Some(Value::Array(sent))) = (role.action, call.body()) {
            return work.create_all(&mut store, &path, sent, seeds);
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
        if let Some(found) = &found
            && let Some(unchanged) = work.check_version(found)?
        {
            return Ok(unchanged);
        }
        if let (Action::Read, Some(found)) = (role.action, &found) {
            drop(store);
            return Ok(work.show(StatusCode::OK, found));
        }
        let gives_way = key
            .as_ref()
            .is_some_and(|key| store.is_shown_only(&path, key));
        let known = store.collection(&path, seeds);
        if let (Action::Create, None) = (role.action, &key) {
            let mut created = body.unwrap_or_default();
            let key = resource.identify(&mut created, known);
            return work.keep(&mut store, &path, &key, created, true);
        }
        let (key, body) = (key.ok_or_else(|| work.missing())?, body.unwrap_or_default());
        let is_new = found.is_none();
        let changed = match (role.action, found) {
            (Action::Delete, Some(found)) => {
                known.entries.insert(key.clone(), found.clone());
                store.delete(&path, &key);
                drop(store);
                return Ok(work.show(StatusCode::NO_CONTENT, &found).changed());
            }
            (Action::Create, Some(_))
                if !gives_way && call.operation.responses.names(StatusCode::CONFLICT) =>
            {
                let message = format!("`{}` has a resource with this identifier", resource.path);
                return Err(Rejection::new(StatusCode::CONFLICT, message));
            }
            (Action::Update, Some(found)) => work.updated(found, body)?,
            (Action::Replace, Some(found)) => work.replaced(found, body),
            (Action::Replace, None) if work.may_create() => body,
            (Action::Create, _) => body,
            _ => return Err(work.missing()),
        };
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

//! Stores the integrations in memory while the sandbox runs.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::state::{Change, Integrations, Page, integration::Integration};

/// The integrations, by project.
#[derive(Debug)]
pub(crate) struct Memory(Mutex<Integrations>);

impl Memory {
    pub(crate) fn of(integrations: Integrations) -> Self {
        Self(Mutex::new(integrations))
    }

    /// Replaces the integration of a project with the result of `change`.
    pub(crate) fn change<T>(&self, project_id: &str, change: impl Change<T>) -> T {
        let mut integrations = self.lock();
        let (changed, result) = change(integrations.get(project_id).cloned());
        match changed {
            Some(integration) => _ = integrations.insert(project_id.into(), integration),
            None => _ = integrations.remove(project_id),
        }
        result
    }

    pub(crate) fn integration(&self, project_id: &str) -> Option<Integration> {
        self.lock().get(project_id).cloned()
    }

    pub(crate) fn page(&self, after: Option<&str>, limit: usize) -> Page {
        let integrations = self.lock();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut listed = integrations.range::<str, _>((start, Bound::Unbounded));
        let page: Vec<_> = listed
            .by_ref()
            .take(limit)
            .map(|(project_id, integration)| (project_id.clone(), integration.clone()))
            .collect();
        let last = page.last().map(|(project_id, _)| project_id.clone());
        Page {
            integrations: page,
            next: last.filter(|_| listed.next().is_some()),
            total: integrations.len() as u64,
        }
    }

    pub(crate) fn replace(&self, integrations: Integrations) {
        let replaced = std::mem::replace(&mut *self.lock(), integrations);
        // Dropping a million integrations takes a while, which must not delay requests.
        drop(replaced);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Box<str>, Integration>> {
        // The data is consistent: no code panics halfway through a change while holding the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Stores the integrations in memory while the sandbox runs.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use crate::state::{Integrations, Page, integration::Integration, integration::Update};

/// The integrations, by project.
#[derive(Debug)]
pub(crate) struct Memory(Mutex<Integrations>);

impl Memory {
    pub(crate) fn of(integrations: Integrations) -> Self {
        Self(Mutex::new(integrations))
    }

    /// Changes the integration of a project. If there is none, `made_on_first_use` decides whether it is created.
    pub(crate) fn update(
        &self,
        project_id: &str,
        update: Update,
        made_on_first_use: bool,
    ) -> Option<Integration> {
        let now = Timestamp::now();
        let mut integrations = self.lock();
        if let Some(integration) = integrations.get_mut(project_id) {
            integration.update(update, now);
            return Some(integration.clone());
        }
        let mut made = made_on_first_use.then(Integration::default)?;
        made.update(update, now);
        integrations.insert(project_id.into(), made.clone());
        Some(made)
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

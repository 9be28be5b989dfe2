//! Renews credentials that the server no longer accepts.

use std::pin::Pin;
use std::sync::Arc;

use super::Credentials;

/// A function that renews the credentials, and says whether it could.
#[derive(Clone)]
pub(super) struct Renewal(
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>,
);

impl Credentials {
    /// Calls `renew` when a response has status 401, and if it returns `true`, sends the request once more with the renewed
    /// credentials: for tokens that expire, with [`bearer_from`](Self::bearer_from). The second request has what is left of the
    /// deadline.
    ///
    /// It belongs to these credentials: [`Client::with_credentials`](crate::Client::with_credentials) replaces both. Calls that run at
    /// the same time each call `renew`; let it do the work once.
    ///
    /// ```
    /// # use std::sync::{Arc, RwLock};
    /// # use spec_first_runtime::{Credentials, Secret};
    /// # async fn fetch_token() -> Option<Secret> { None }
    /// let token = Arc::new(RwLock::new(Secret::from("TOKEN")));
    /// let current = Arc::clone(&token);
    /// let credentials = Credentials::bearer_from(move || current.read().expect("no writer panics").clone());
    /// let credentials = credentials.on_unauthorized(move || {
    ///     let token = Arc::clone(&token);
    ///     async move {
    ///         let Some(fetched) = fetch_token().await else { return false };
    ///         *token.write().expect("no writer panics") = fetched;
    ///         true
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn on_unauthorized<F: Future<Output = bool> + Send + 'static>(
        mut self,
        renew: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        let renew = Renewal(Arc::new(move || Box::pin(renew())));
        self.renewals.push(renew);
        self
    }

    pub(crate) fn can_be_renewed(&self) -> bool {
        !self.renewals.is_empty()
    }

    /// Renews those that can be, and returns whether any was.
    pub(crate) async fn renew(&self) -> bool {
        let mut is_renewed = false;
        for Renewal(renew) in &self.renewals {
            is_renewed |= renew().await;
        }
        is_renewed
    }
}

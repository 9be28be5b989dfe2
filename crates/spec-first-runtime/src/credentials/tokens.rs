//! Bearer tokens that change, and the recently sent ones, which a server may echo.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::Secret;

/// Gets the current token for each request.
pub(super) struct Tokens<F: ?Sized> {
    /// The last ones that were sent. A server may echo a token that has been replaced since.
    sent: Mutex<VecDeque<Secret>>,
    current: F,
}

impl<F> Tokens<F> {
    pub(super) fn new(current: F) -> Self {
        Self {
            sent: Mutex::default(),
            current,
        }
    }
}

impl<F: Fn() -> Secret + ?Sized> Tokens<F> {
    /// How many tokens are remembered.
    const REMEMBERED: usize = 64;

    pub(super) fn to_send(&self) -> Secret {
        let token = (self.current)();
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if !sent.contains(&token) {
            sent.truncate(Self::REMEMBERED - 1);
            sent.push_front(token.clone());
        }
        token
    }

    pub(super) fn sent(&self) -> Vec<Secret> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.iter().cloned().collect()
    }
}

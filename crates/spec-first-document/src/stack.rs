//! A stack for work that recurses as deeply as schemas refer to each other.

use std::panic::resume_unwind;
use std::thread;

/// Only the pages that are used are mapped.
const SIZE: usize = 512 << 20;

/// Runs `run` on a thread with a large stack: documents may be nested, and schemas refer to each other, more deeply than the stack of
/// the caller allows.
pub fn with_large_stack<T: Send>(run: impl Fn() -> T + Sync) -> T {
    both_with_large_stack(run, || ()).0
}

/// Runs `first` on a thread with a large stack, as [`with_large_stack`] does, and `second` on that of the caller at the same time.
pub fn both_with_large_stack<A: Send, B>(
    first: impl Fn() -> A + Sync,
    second: impl FnOnce() -> B,
) -> (A, B) {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(SIZE);
        let thread = thread.spawn_scoped(scope, &first);
        let second = second();
        let first = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => first(),
        };
        (first, second)
    })
}

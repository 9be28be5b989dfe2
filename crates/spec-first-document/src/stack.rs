//! A stack for work that recurses as deeply as schemas refer to each other.

/// Only the pages that are used are mapped.
const SIZE: usize = 512 << 20;

/// Runs `run` on a thread with a large stack: documents may be nested, and schemas refer to each other, more deeply than the stack of
/// the caller allows.
pub fn with_large_stack<T: Send>(run: impl Fn() -> T + Sync) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(SIZE);
        match thread.spawn_scoped(scope, &run) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => run(),
        }
    })
}

//! The sandbox as its callers see it: over real sockets, with handwritten requests.

#![expect(
    clippy::unwrap_used,
    reason = "a panic fails the test, and clippy allows it only in the test functions themselves"
)]

mod answers;
mod breadth;
mod conventions;
mod cors;
mod credentials;
mod documents;
mod errors;
mod faults;
mod flaws;
mod headers;
mod hostile;
mod http;
mod lifecycle;
mod newer;
mod page;
mod page_browser;
mod proxy;
mod rejections;
mod resource_documents;
mod resource_requests;
mod resources;
mod shared_paths;
mod slow_clients;
mod slow_responses;
mod state;
mod traffic;
mod webhooks;

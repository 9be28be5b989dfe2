//! Rust client for Jelou's External Support Panel, generated from a reconciled OpenAPI document.

//! Generates the Rust client of Jelou's External Support Panel from its OpenAPI document.

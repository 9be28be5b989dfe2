//! A local stand-in for Jelou's External Support Panel, driven by its OpenAPI document.

//! The `jelou` command: update integrations of Jelou's External Support Panel.

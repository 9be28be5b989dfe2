//! Faults on demand: what goes wrong with an answer, and when.

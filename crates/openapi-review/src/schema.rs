//! Schemas as sets of values: read into one form, whatever way they are written, and compared keyword by keyword.

mod annotations;
mod applicators;
mod arrays;
pub(crate) mod comparison;
pub(crate) mod conjunction;
mod disjointness;
mod matching;
mod number;
mod objects;
mod reading;
mod relations;
mod scalars;
mod shape;
mod traits;
pub(crate) mod types;
mod values;

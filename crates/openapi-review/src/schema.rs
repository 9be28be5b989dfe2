//! Schemas as sets of values: read into one form, whatever way they are written, and compared keyword by keyword.

mod alike;
mod annotations;
mod applicators;
mod arrays;
mod bearing;
pub(crate) mod comparison;
pub(crate) mod conjunction;
mod discriminators;
mod disjointness;
mod effects;
mod exchange;
mod exclusiveness;
mod matching;
pub(crate) mod notation;
mod number;
mod objects;
mod patterns;
mod reading;
mod relations;
mod scalars;
mod shape;
mod supports;
mod text;
mod traits;
pub(crate) mod types;
mod unevaluated;
mod values;

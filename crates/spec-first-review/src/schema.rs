//! Schemas as sets of values, normalized and compared keyword by keyword.

mod alike;
mod annotations;
mod applicators;
mod arrays;
mod bearing;
mod bytes;
pub(crate) mod comparison;
pub(crate) mod conjunction;
mod dialects;
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

pub(crate) use dialects::other_dialect;
pub(crate) use traits::branch_names;

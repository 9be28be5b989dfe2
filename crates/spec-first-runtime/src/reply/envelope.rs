//! The objects in which an API wraps its values, as the document declares them.

/// An object that wraps a value: `x-envelope` in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    pub(crate) value: &'static str,
    pub(crate) success: &'static [(&'static str, Marker)],
}

impl Envelope {
    /// An envelope with the value in its member `value`.
    ///
    /// `success` lists members that report the outcome, with the value that means success; any other value means failure. Of
    /// those that are present, the first one decides.
    pub const fn new(value: &'static str, success: &'static [(&'static str, Marker)]) -> Self {
        Self { value, success }
    }
}

/// The value of a member that reports success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Marker {
    /// This number, also as text or with a fraction of zero.
    Number(i64),
    /// This text; `null` says nothing about the outcome.
    Text(&'static str),
}

//! Reads what a vendor's documentation pages state, and compares it: with each other, with the OpenAPI document, with the record of
//! decisions, and with later captures.
//!
//! A capture of a page, as text, Markdown or HTML, becomes [`Page`]: facts with stable ids such as `body/field/webhookUrl`, and the
//! lines that were not understood. The words of languages and the layouts of documentation systems are data, see [`Labels`]. Pages
//! are untrusted: reading is bounded, and [`visible`](spec_first_document::literal::visible) makes their text safe to print.

mod agreement;
mod contradictions;
mod drift;
mod escape;
mod facts;
mod labels;
mod page;
mod record;
mod recorded;
mod values;
mod wording;
mod words;

pub use agreement::{Agreement, Contract};
pub use contradictions::{Contradiction, Side, contradictions, contradictions_between};
pub use drift::{Change, ChangeKind, Decision, Drift, FactChange, Format, drift};
pub use escape::json;
pub use facts::{Fact, Page, Statement, read};
pub use labels::Labels;
pub use page::{Form, MAXIMUM_SIZE};
pub use record::check;
pub(crate) use record::is_of;
pub use recorded::{Recorded, RecordedStatement};

/// Why a capture or a file of facts cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The capture exceeds the size limit.
    #[error("the capture has {size} bytes; the limit is {MAXIMUM_SIZE}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },

    /// The capture has too many facts or lines.
    #[error("line {line}: the capture has too many facts or lines")]
    TooMuch {
        /// The line where the limit was exceeded.
        line: u32,
    },

    /// A file of labels or layouts, or a file of facts, is not valid.
    #[error(transparent)]
    File(Box<spec_first_document::Finding>),
}

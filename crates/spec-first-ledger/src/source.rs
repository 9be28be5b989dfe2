//! Reads what a vendor's documentation page states, and compares it: with itself, with the OpenAPI document, with the record of
//! decisions, and with the same page later on.
//!
//! A capture of a page, as text, Markdown or HTML, becomes [`Page`]: facts with stable ids such as `body/field/webhookUrl`, and the
//! lines that were not understood. The words of languages and the layouts of documentation systems are data, see [`Labels`]. A page is
//! data from somebody else: what is read of it is bounded, and [`visible`](spec_first_document::literal::visible) makes it safe to print.

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
    /// The capture is larger than a page can be.
    #[error("the capture has {size} bytes; a page may have {MAXIMUM_SIZE}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },

    /// The capture has more facts or lines than are kept of one page.
    #[error("line {line}: the capture has more facts or lines than are read of one page")]
    TooMuch {
        /// The line of what is too much.
        line: u32,
    },

    /// A file of labels or layouts, or a file of facts, is not valid.
    #[error(transparent)]
    File(Box<spec_first_document::Finding>),
}

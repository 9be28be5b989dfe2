//! What can go wrong with a request, by phase: whether it was sent, and whether it may have been applied.

mod api;
mod body;

use crate::retry::Phase;
use crate::transport::Failure;
use crate::{HttpResponse, retry, runtime};

#[doc(hidden)]
pub use api::read_error;
pub use api::{ApiError, OperationError};
pub(crate) use api::{LONGEST_NAME, show};

/// Why an operation did not succeed.
///
/// Each variant says whether the request may have been applied. No text, including `Debug`, contains a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value that the caller gave cannot be sent. Nothing was sent.
    #[error("the {field} cannot be used: {reason}")]
    #[non_exhaustive]
    InvalidInput {
        /// The name of the value, such as `base URL`.
        field: &'static str,
        /// What is wrong with it; never the value of a secret.
        reason: String,
    },

    /// The HTTP client could not be built, or cannot send in the caller's runtime. Nothing was sent.
    #[error("the HTTP client cannot be used")]
    #[non_exhaustive]
    Setup {
        /// The cause.
        #[source]
        source: BoxedCause,
    },

    /// The server could not be reached. Nothing was sent.
    #[error("the server could not be reached")]
    #[non_exhaustive]
    NotSent {
        /// Whether a later attempt may succeed; `false` for a server whose certificate is not trusted, for example.
        is_temporary: bool,
        /// The cause.
        #[source]
        source: BoxedCause,
    },

    /// The request was sent, or part of it, and no complete response arrived. **It may have been applied.**
    #[error("{}, so the request may have been applied", describe_silence(*.status))]
    #[non_exhaustive]
    NoAnswer {
        /// The status, if the response broke off after it.
        status: Option<u16>,
        /// The cause.
        #[source]
        source: BoxedCause,
    },

    /// The response reports success and is longer than the client reads. **The request was most likely applied.**
    #[error("the answer, of status {}, is longer than {limit} bytes", .response.status)]
    #[non_exhaustive]
    TooLong {
        /// The response, with the beginning of its body.
        response: Box<HttpResponse>,
        /// The number of bytes that the client reads at most.
        limit: usize,
    },

    /// The API returned an error, in the HTTP status or in the body. With a 4XX status nothing was applied, unless an earlier attempt
    /// got no response; with any other **the request may have been applied**.
    #[error(transparent)]
    Api(Box<ApiError>),

    /// The response reports success but cannot be read. **The request was most likely applied.**
    #[error("the answer, of status {}, is not what the document describes at `{path}`", .response.status)]
    #[non_exhaustive]
    UnreadableReply {
        /// The whole response.
        response: Box<HttpResponse>,
        /// The place in the JSON of the response; `.` for all of it.
        path: String,
        /// The cause.
        #[source]
        source: BoxedCause,
    },
}

/// A value that cannot be sent, kept until the request would be: [`Error::InvalidInput`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {field} cannot be used: {reason}")]
pub struct InvalidInput {
    field: &'static str,
    reason: String,
}

impl InvalidInput {
    /// Says what is wrong with the value of `field`, never with a secret in it.
    pub fn new(field: &'static str, reason: impl ToString) -> Self {
        Self {
            field,
            reason: reason.to_string(),
        }
    }
}

impl From<InvalidInput> for Error {
    fn from(InvalidInput { field, reason }: InvalidInput) -> Self {
        Self::InvalidInput { field, reason }
    }
}

/// The error of another crate; its type is not part of the API.
type BoxedCause = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// The HTTP status of the response, if one arrived.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.response().status()),
            Self::UnreadableReply { response, .. } => Some(response.status()),
            Self::TooLong { response, .. } => Some(response.status()),
            Self::NoAnswer { status, .. } => *status,
            Self::InvalidInput { .. } | Self::Setup { .. } | Self::NotSent { .. } => None,
        }
    }

    /// The response, if a complete one arrived; its body is cut off after the limit of the client.
    pub fn response(&self) -> Option<&HttpResponse> {
        match self {
            Self::Api(error) => Some(error.response()),
            Self::UnreadableReply { response, .. } | Self::TooLong { response, .. } => {
                Some(response)
            }
            _ => None,
        }
    }

    /// The body of the API's error as the document describes it for the status; see [`ApiError::typed`].
    pub fn typed<E: OperationError>(&self) -> Option<E> {
        match self {
            Self::Api(error) => error.typed(),
            _ => None,
        }
    }

    /// Whether the API may have applied the request despite the error.
    pub fn may_have_been_applied(&self) -> bool {
        match self {
            Self::InvalidInput { .. } | Self::Setup { .. } | Self::NotSent { .. } => false,
            Self::NoAnswer { .. } | Self::TooLong { .. } | Self::UnreadableReply { .. } => true,
            Self::Api(error) => error.may_have_been_applied(),
        }
    }

    /// Whether the same request may succeed later, when the server or the network has recovered.
    ///
    /// It does not mean that this is harmless: if [`Error::may_have_been_applied`] is true as well, send the request again only if
    /// the operation is idempotent.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::NotSent { is_temporary, .. } => *is_temporary,
            Self::NoAnswer { .. } => true,
            Self::Api(error) => retry::is_retryable_status(error.response().status(), true),
            Self::InvalidInput { .. }
            | Self::Setup { .. }
            | Self::TooLong { .. }
            | Self::UnreadableReply { .. } => false,
        }
    }

    /// What to do about it, in one sentence for a person: lower case, no full stop.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::InvalidInput { .. } => "correct the value; nothing was sent",
            Self::Setup { source } if source.is::<runtime::Missing>() => {
                "send requests inside a Tokio runtime built with `enable_all`"
            }
            Self::Setup { .. } => {
                "check the certificates of the platform and those given to the client"
            }
            Self::NotSent { .. } => {
                "check the base URL, the network and the proxy; nothing was sent"
            }
            Self::NoAnswer { .. } => {
                "find out whether the request was applied, or send it again if that does no harm"
            }
            Self::TooLong { .. } => {
                "check that the base URL is that of the API; if it is, raise the limit, or read the reply in chunks"
            }
            Self::UnreadableReply { .. } => "check that the base URL is that of the API",
            Self::Api(error) => match error.response().status() {
                200..=299 => {
                    "correct what the API names, or check that the base URL is that of the API: its HTTP status says success, its body does not"
                }
                300..=399 => {
                    "check the base URL; redirects are not followed, since they could lead the credentials elsewhere"
                }
                401 | 403 => {
                    "check the credentials, and that they give access to what was requested"
                }
                404 => "check the identifier, and that what it identifies exists",
                408 | 425 | 429 => "wait before the request is sent again; it was not applied",
                400..=499 => "correct what the API reports; nothing was applied",
                _ => "send the request again later if that does no harm; it may have been applied",
            },
        }
    }

    /// [`Error::NotSent`], for tests that replace the client.
    pub fn not_sent(
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
        is_temporary: bool,
    ) -> Self {
        Self::NotSent {
            is_temporary,
            source: source.into(),
        }
    }

    /// [`Error::NoAnswer`] without a status, for tests that replace the client.
    pub fn no_answer(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::NoAnswer {
            status: None,
            source: source.into(),
        }
    }

    /// [`Error::NoAnswer`] for a response that broke off after `status`, for tests that replace the client.
    pub fn broken_off(
        status: u16,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::NoAnswer {
            status: Some(status),
            source: source.into(),
        }
    }

    /// [`Error::Setup`], for tests that replace the client.
    pub fn setup(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Setup {
            source: source.into(),
        }
    }

    /// [`Error::TooLong`] for a response of which only this beginning was read, for tests that replace the client.
    #[cold]
    pub fn too_long(mut response: HttpResponse) -> Self {
        response.is_cut_off = true;
        Self::TooLong {
            limit: response.body.len(),
            response: Box::new(response),
        }
    }

    #[cold]
    pub(crate) fn invalid_input(field: &'static str, reason: impl ToString) -> Self {
        InvalidInput::new(field, reason).into()
    }

    /// That the last attempt sent nothing says nothing about those before it. With a `status`, the answer broke off after its head.
    #[cold]
    pub(crate) fn transport(
        status: Option<u16>,
        failure: Failure,
        may_have_been_applied_before: bool,
    ) -> Self {
        let failure = match failure {
            Failure::Given(error) => match *error {
                Self::NotSent { source, .. } if may_have_been_applied_before => {
                    return Self::no_answer(source);
                }
                error => return error,
            },
            failure => failure,
        };
        let phase = failure.phase();
        let may_have_been_applied =
            status.is_some() || phase.may_have_been_applied() || may_have_been_applied_before;
        let source = failure.into_cause();
        match may_have_been_applied {
            true => Self::NoAnswer { status, source },
            false => Self::NotSent {
                is_temporary: phase == Phase::NotSent,
                source,
            },
        }
    }
}

fn describe_silence(status: Option<u16>) -> String {
    match status {
        Some(status) => format!("the answer, of status {status}, broke off"),
        None => "no answer came".to_owned(),
    }
}

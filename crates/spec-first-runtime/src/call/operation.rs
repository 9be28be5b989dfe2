//! What generated code defines for each operation, and how a response to it is read.

use std::fmt::Display;

use super::Call;
use crate::api::Api;
use crate::reply::{Answer, Read, ReadResult};
use crate::sent::Sent;
use crate::{Error, HttpResponse, Reply};

/// A call that generated code defines: what it returns, and how that is read.
pub trait OperationCall: Sized {
    /// What a success returns.
    type Value;

    /// The API that the operation belongs to.
    const API: &'static Api;

    /// The place of the operation in the list of its API.
    const INDEX: usize;

    /// Whether a redirection is a success, because the document describes no other.
    const REDIRECTS: bool = false;

    /// The call with everything that was set.
    fn into_call(self) -> Call;

    /// Reads a response with a status of success.
    ///
    /// # Errors
    /// [`Error::Api`] if it reports a failure nevertheless, [`Error::UnreadableReply`] if it cannot be read.
    fn read(answer: &Answer<'_>) -> ReadResult<Self::Value>;
}

/// Reads a response as the client does. In a function of its own, so that the stack of what waits for the response is small.
#[inline(never)]
pub(crate) fn read<C: OperationCall>(
    response: HttpResponse,
    sent: Option<Sent>,
    may_have_been_applied_before: bool,
) -> Result<Reply<C::Value>, Error> {
    let answer = Answer::new(
        &response,
        C::API,
        sent.as_ref(),
        may_have_been_applied_before,
    );
    if !is_expected::<C>(response.status) {
        return Err(answer.failure());
    }
    if response.is_cut_off {
        return Err(Error::too_long(response));
    }
    let Read { value, shape } = C::read(&answer)?;
    Ok(Reply::new(value, shape, response, sent))
}

/// Whether a response with this status is a success.
pub(super) fn is_expected<C: OperationCall>(status: u16) -> bool {
    match status {
        300..=399 => C::REDIRECTS,
        _ => (200..300).contains(&status),
    }
}

/// Defines what every call has besides its own setters. Generated code calls it once for each operation.
#[macro_export]
macro_rules! operation_call {
    ($name:ident -> $value:ty, streaming $media_types:literal) => {
        $crate::operation_call!($name -> $value);

        impl $name {
            /// Sends the request, and returns a response with a status of success as soon as its head has arrived, for large files and
            /// event streams: [`ReplyStream::chunk`]($crate::ReplyStream::chunk) reads its body as it comes. Until then, timeouts and
            /// retries are those of [`send`](Self::send).
            ///
            /// # Errors
            /// Those of [`send`](Self::send), except for a success that cannot be read.
            pub async fn send_streaming(
                self,
            ) -> ::std::result::Result<$crate::ReplyStream, $crate::Error> {
                let call = $crate::OperationCall::into_call(self);
                call.send_streaming::<Self>($media_types).await
            }
        }
    };
    ($name:ident -> $value:ty) => {
        impl $name {
            /// Adds a header to this request, such as `traceparent`, or replaces that of a parameter or of the client.
            ///
            /// Headers that carry credentials, that the client sets, or that HTTP derives from the request are refused.
            pub fn header(mut self, name: &str, value: &str) -> Self {
                self.call.header(name, value);
                self
            }

            /// Limits this call, including retries and waits; replaces the deadline of the retry policy.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.call.timeout(timeout);
                self
            }

            /// Replaces the retry policy of the client for this call.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.call.retry(policy);
                self
            }

            /// The request that [`send`](Self::send) would send, for inspection. Nothing is sent.
            ///
            /// # Errors
            /// [`Error::InvalidInput`]($crate::Error::InvalidInput).
            pub fn prepare(self) -> ::std::result::Result<$crate::HttpRequest, $crate::Error> {
                $crate::OperationCall::into_call(self).prepare()
            }

            /// Sends the request and reads the response.
            ///
            /// # Errors
            /// [`Error::InvalidInput`]($crate::Error::InvalidInput) before anything is sent; every other variant of
            /// [`Error`]($crate::Error) afterwards.
            pub async fn send(self) -> ::std::result::Result<$crate::Reply<$value>, $crate::Error> {
                $crate::OperationCall::into_call(self).send::<Self>().await
            }

            /// Reads `response` as [`send`](Self::send) does, for tests that replace the API.
            ///
            /// # Errors
            /// Those of [`send`](Self::send) after the response arrived.
            pub fn read(
                response: $crate::HttpResponse,
            ) -> ::std::result::Result<$crate::Reply<$value>, $crate::Error> {
                $crate::read_response::<Self>(response)
            }
        }

        impl ::std::future::IntoFuture for $name {
            type Output = ::std::result::Result<$crate::Reply<$value>, $crate::Error>;
            type IntoFuture = ::std::pin::Pin<
                ::std::boxed::Box<
                    dyn ::std::future::Future<Output = Self::Output> + ::std::marker::Send,
                >,
            >;

            /// [`send`](Self::send).
            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

/// Reads a response that did not come from a server.
#[doc(hidden)]
pub fn read_response<C: OperationCall>(response: HttpResponse) -> Result<Reply<C::Value>, Error> {
    read::<C>(response, None, false)
}

/// Converts a value for `field` of a builder.
///
/// ```
/// let year: Result<u8, String> = spec_first_runtime::converted("year", 2026);
/// assert_eq!(year.unwrap_err(), "`year` cannot be used: out of range integral type conversion attempted");
/// ```
///
/// # Errors
/// Why the value cannot be used, with the name of the field.
pub fn converted<T, V>(field: &str, value: V) -> Result<T, String>
where
    V: TryInto<T, Error: Display>,
{
    value
        .try_into()
        .map_err(|error| format!("`{field}` cannot be used: {error}"))
}

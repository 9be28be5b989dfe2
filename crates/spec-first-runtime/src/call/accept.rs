//! A call whose reply has a media type that the caller chose.

use std::marker::PhantomData;
use std::pin::Pin;

use super::{Call, OperationCall};
use crate::reply::{Answer, ReadResult};
use crate::{Api, Error, HttpRequest, Reply};

/// A call for which the document describes several media types of its reply. Generated code implements it.
pub trait Negotiated: OperationCall {
    /// The reply in any of the media types.
    type Representation;

    /// Reads a response with a status of success by its media type.
    ///
    /// # Errors
    /// Those of [`OperationCall::read`].
    fn read_representation(answer: &Answer<'_>) -> ReadResult<Self::Representation>;
}

/// A call that asks for a media type of its reply. The setter `accept` of a call makes it, where the document describes several media
/// types.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `send` is called and awaited"]
pub struct Accept<C> {
    call: Call,
    operation: PhantomData<fn() -> C>,
}

impl<C: Negotiated> Accept<C> {
    /// Asks for a reply in `media_type`, which must be one of those that are `described`.
    #[doc(hidden)]
    pub fn new(call: C, media_type: &'static str, described: &[&'static str]) -> Self {
        let mut call = call.into_call();
        call.require_media_type(media_type, described);
        call.rare().accept = Some(media_type);
        Self {
            call,
            operation: PhantomData,
        }
    }

    /// The request that [`send`](Self::send) would send, for inspection. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::InvalidInput`].
    pub fn prepare(self) -> Result<HttpRequest, Error> {
        self.call.prepare()
    }

    /// Sends the request and reads the response as its header `Content-Type` says, which may not be what was asked for.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] before anything is sent; every other variant of [`Error`] afterwards.
    pub async fn send(self) -> Result<Reply<C::Representation>, Error> {
        self.call.send::<Self>().await
    }
}

impl<C: Negotiated> OperationCall for Accept<C> {
    type Value = C::Representation;
    const API: &'static Api = C::API;
    const INDEX: usize = C::INDEX;
    const REDIRECTS: bool = C::REDIRECTS;

    fn into_call(self) -> Call {
        self.call
    }

    fn read(answer: &Answer<'_>) -> ReadResult<C::Representation> {
        C::read_representation(answer)
    }
}

impl<C: Negotiated + 'static> IntoFuture for Accept<C> {
    type Output = Result<Reply<C::Representation>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    /// [`send`](Self::send).
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

//! Sending a request and decoding what comes back.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use reqwest::header::HeaderMap;

use crate::json::Json;

use super::exchange::Answer;
use super::failure::Failure;
use super::{
    ApiError, BodyError, BodyItems, BoxFuture, ByteStream, DecodeError, Error, ErrorBody,
    Operation, RawResponse, Request, Response,
};

/// A call that is under way: await it.
///
/// A type of its own and not the boxed future that it holds, because the compiler looks through
/// every layer of the signature of every operation.
#[must_use = "a call is not made until it is awaited"]
pub struct Sending<T, E, H = HeaderMap> {
    operation: &'static Operation,
    call: BoxFuture<'static, Result<Response<T, H>, Error<E>>>,
}

impl<T, E, H> Sending<T, E, H> {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl<T, E, H> Future for Sending<T, E, H> {
    type Output = Result<Response<T, H>, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.call.as_mut().poll(context)
    }
}

impl<T, E, H> fmt::Debug for Sending<T, E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

/// A call that is under way, whose body is read as it comes.
pub type Streaming<E, H = HeaderMap> = Sending<ByteStream, E, H>;

/// Reads a body of one kind of answer.
pub(super) type Decoder<T> = fn(&RawResponse) -> Result<T, BodyError>;

impl Request {
    /// Sends the request.
    ///
    /// `success` decodes the answers that the document counts as successes, and answers
    /// [`RawResponse::undocumented`] to others; `error` does the same for errors. A status of 400
    /// or more is never a success.
    pub fn send<T, E, H>(self, success: Decoder<T>, error: Decoder<E>) -> Sending<T, E, H>
    where
        T: 'static,
        E: 'static,
        H: From<HeaderMap> + 'static,
    {
        self.send_expecting(None, success, error)
    }

    /// Sends the request; the answer with this status is a JSON body, and the only success.
    pub fn send_json<T, E, H>(self, status: u16, error: Decoder<E>) -> Sending<T, E, H>
    where
        T: Json + 'static,
        E: 'static,
        H: From<HeaderMap> + 'static,
    {
        self.send_expecting(Some(status), RawResponse::json, error)
    }

    /// Sends the request; the answer with this status is the only success, and has no body.
    pub fn send_empty<E, H>(self, status: u16, error: Decoder<E>) -> Sending<(), E, H>
    where
        E: 'static,
        H: From<HeaderMap> + 'static,
    {
        self.send_expecting(Some(status), RawResponse::empty, error)
    }

    pub(super) fn send_expecting<T, E, H>(
        self,
        status: Option<u16>,
        success: Decoder<T>,
        error: Decoder<E>,
    ) -> Sending<T, E, H>
    where
        T: 'static,
        E: 'static,
        H: From<HeaderMap> + 'static,
    {
        let operation = self.operation;
        let answer = Box::pin(self.exchange(false));
        let call = Box::pin(Decoding {
            answer,
            operation,
            status,
            success,
            error,
            headers: |headers| H::from(headers),
        });
        Sending { operation, call }
    }

    /// Sends the request and hands out the body of a success as it comes.
    pub fn stream<E, H>(self, error: Decoder<E>) -> Streaming<E, H>
    where
        E: 'static,
        H: From<HeaderMap> + 'static,
    {
        let operation = self.operation;
        let opened = Box::pin(self.opened(error));
        let call = Box::pin(async move {
            let (status, headers, body) = opened.await?;
            Ok(Response {
                status,
                headers: H::from(headers),
                body,
            })
        });
        Sending { operation, call }
    }

    /// Sends the request and hands out the items of a success, a JSON array, as they come.
    ///
    /// A success is an answer with one of these statuses; without any, one with any 2xx.
    pub fn items<T, E, H>(
        self,
        statuses: &'static [u16],
        error: Decoder<E>,
    ) -> Sending<BodyItems<T>, E, H>
    where
        T: 'static,
        E: 'static,
        H: From<HeaderMap> + 'static,
    {
        let operation = self.operation;
        let opened = Box::pin(self.opened(error));
        let call = Box::pin(async move {
            let (status, headers, body) = opened.await?;
            if !statuses.is_empty() && !statuses.contains(&status) {
                let response = body.into_undocumented(status, headers).await;
                let reason = BodyError::Undocumented { status };
                let error = DecodeError::new(operation, response, reason);
                return Err(Error::Decode(Box::new(error)));
            }
            Ok(Response {
                status,
                headers: H::from(headers.clone()),
                body: BodyItems::of_answer(body, status, headers),
            })
        });
        Sending { operation, call }
    }

    /// Sends the request; the body of a success is still to come.
    async fn opened<E>(self, error: Decoder<E>) -> Result<(u16, HeaderMap, ByteStream), Error<E>> {
        let operation = self.operation;
        match self.exchange(true).await? {
            Answer::Open {
                status,
                headers,
                body,
            } => Ok((status, headers, body)),
            Answer::Whole(response) => Err(decode_error(operation, response, error)),
        }
    }

    /// Sends the request and gives the answer as it came, whatever its status.
    pub async fn send_raw(self) -> Result<RawResponse, Error<std::convert::Infallible>> {
        match self.exchange(false).await? {
            Answer::Whole(response) => Ok(response),
            Answer::Open {
                status,
                headers,
                body,
            } => {
                let body = body
                    .collect()
                    .await
                    .map_err(|e| Failure::Transport(Box::new(e)))?;
                Ok(RawResponse::new(status, headers, body))
            }
        }
    }
}

/// Waits for the answer, then decodes it: the only part of a call that is generic.
struct Decoding<T, E, H> {
    answer: BoxFuture<'static, Result<Answer, Failure>>,
    operation: &'static Operation,
    /// The only status that `success` decodes, if it does not look itself.
    status: Option<u16>,
    success: Decoder<T>,
    error: Decoder<E>,
    headers: fn(HeaderMap) -> H,
}

impl<T, E, H> Future for Decoding<T, E, H> {
    type Output = Result<Response<T, H>, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = match ready!(self.answer.as_mut().poll(context)) {
            Ok(Answer::Whole(response)) => response,
            Ok(Answer::Open {
                status, headers, ..
            }) => RawResponse::new(status, headers, ""),
            Err(failure) => return Poll::Ready(Err(failure.into())),
        };
        Poll::Ready(self.decode(response))
    }
}

impl<T, E, H> Decoding<T, E, H> {
    fn decode(&self, response: RawResponse) -> Result<Response<T, H>, Error<E>> {
        let status = response.status();
        if status >= 400 {
            return Err(decode_error(self.operation, response, self.error));
        }
        let read = match self.status {
            Some(only) if only != status => response.undocumented(),
            _ => (self.success)(&response),
        };
        match read {
            Ok(body) => Ok(Response {
                status,
                headers: (self.headers)(response.into_headers()),
                body,
            }),
            // A redirect that is no documented success is an answer that did not succeed.
            Err(BodyError::Undocumented { .. }) if !(200..300).contains(&status) => {
                Err(decode_error(self.operation, response, self.error))
            }
            Err(reason) => Err(Error::Decode(Box::new(DecodeError::new(
                self.operation,
                response,
                reason,
            )))),
        }
    }
}

fn decode_error<E>(
    operation: &'static Operation,
    response: RawResponse,
    error: Decoder<E>,
) -> Error<E> {
    let body = response.whole().and_then(|()| error(&response));
    let body = body.map_or_else(ErrorBody::Raw, ErrorBody::Decoded);
    Error::Api(Box::new(ApiError::new(operation, response, body)))
}

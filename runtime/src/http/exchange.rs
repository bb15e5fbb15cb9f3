//! One call: its attempts, what is waited for between them, and how long all that may take.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use reqwest::header::HeaderMap;
use tracing::{Instrument as _, Span};

use super::failure::Failure;
use super::retry::elapsed;
use super::stream::MAX_WHOLE_BYTES;
use super::{
    Attempt, ByteStream, Clock, Credentials, CredentialsError, Exchange, Outcome, OutgoingRequest,
    RawResponse, Request, TransportError, TransportErrorKind, header, observe, platform,
};

/// How much is kept of the body of an error, whatever the client accepts: errors that have been made
/// are far shorter, and one that does not end must not take all memory.
pub(super) const MAX_ERROR_BYTES: u64 = 8 << 20;

/// What came back, before it is decoded.
pub(super) enum Answer {
    /// With its whole body, or what came of it in case of an error.
    Whole(RawResponse),
    /// A success whose body is still to be read.
    Open {
        status: u16,
        headers: HeaderMap,
        body: ByteStream,
    },
}

impl Answer {
    fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Whole(response) => Outcome::Status {
                status: response.status(),
                headers: response.headers(),
            },
            Self::Open {
                status, headers, ..
            } => Outcome::Status {
                status: *status,
                headers,
            },
        }
    }

    fn record(&self, span: &Span) {
        match self {
            Self::Whole(response) => observe::record_response(span, response),
            Self::Open {
                status, headers, ..
            } => observe::record_answer(span, *status, headers),
        }
    }
}

/// What became of a call's requests so far; it is looked at after a call that ran out of time too.
#[derive(Default)]
struct Progress {
    /// Requests that were sent.
    sent: AtomicU32,
    /// Whether the last request was answered with a redirect to its result: the server has then taken
    /// it, whatever came of the request to where the redirect led.
    is_redirected: AtomicBool,
}

impl Request {
    /// One call, within its time.
    pub(super) async fn exchange(self, streaming: bool) -> Result<Answer, Failure> {
        let span = observe::call_span(self.operation);
        let client = self.client.inner();
        let limit = self.settings.timeout.or(client.timeout);
        let progress = Progress::default();
        let attempts = self.attempts(streaming, limit, &progress);
        let outcome = within(&*client.clock, limit, attempts.instrument(span.clone())).await;
        let sent = progress.sent.load(Ordering::Relaxed);
        span.record("attempts", sent);
        let outcome = outcome.unwrap_or_else(|limit| {
            let error = TransportError::call_timeout(self.operation, limit, sent);
            Err(Failure::Transport(Box::new(error)))
        });
        match &outcome {
            Ok(answer) => answer.record(&span),
            Err(failure) => observe::record_failure(&span, failure),
        }
        outcome
    }

    /// As many attempts as credentials and policy ask for.
    async fn attempts(
        &self,
        streaming: bool,
        limit: Option<Duration>,
        progress: &Progress,
    ) -> Result<Answer, Failure> {
        self.check_body()
            .map_err(|error| Failure::Request(Box::new(error)))?;
        let client = self.client.inner();
        let is_repeatable = self.settings.is_repeatable || self.operation.is_idempotent();
        let security = self.client.security_of(self.operation);
        let policy = self.settings.retry.as_ref().unwrap_or(&client.retry);
        let began = client.clock.now();
        let mut number = 1;
        let mut renewed = false;
        loop {
            let current = || client.authenticate.credentials(security);
            let mut credentials = current().await.map_err(refused)?;
            if let Some(limiter) = &client.limiter {
                let place = limiter.queue(&*client.clock);
                loop {
                    if place.wait().await {
                        // A token may have expired in that time; another one takes some.
                        credentials = current().await.map_err(refused)?;
                    }
                    if place.take() {
                        break;
                    }
                }
            }
            let outcome = self.attempt(&credentials, streaming, progress).await;
            let what = match &outcome {
                Ok(answer) => answer.outcome(),
                Err(Failure::Transport(error)) => Outcome::Transport(error),
                Err(_) => return outcome,
            };
            self.follow_pause(what);
            if !is_repeatable && progress.is_redirected.load(Ordering::Relaxed) {
                return outcome;
            }
            match what {
                Outcome::Status { status: 401, .. } if !renewed => {
                    renewed = true;
                    let renew = client.authenticate.renew(security, &credentials);
                    if renew.await.map_err(refused)? {
                        tracing::debug!("sent again with new credentials");
                        continue;
                    }
                }
                Outcome::Status { status, .. } if status < 400 => return outcome,
                _ => {}
            }
            let now = client.clock.now();
            let attempt = Attempt {
                number,
                operation: self.operation,
                is_repeatable,
                outcome: what,
                elapsed: elapsed(began, now),
                now,
            };
            let Some(delay) = policy.next_delay(&attempt) else {
                return outcome;
            };
            // What comes too late is not worth the wait.
            if limit.is_some_and(|limit| attempt.elapsed.saturating_add(delay) >= limit) {
                return outcome;
            }
            observe::note_retry(what, delay);
            drop(outcome);
            client.clock.sleep(delay).await;
            number += 1;
        }
    }

    /// What is refused for haste would be refused to the client's other calls too.
    fn follow_pause(&self, outcome: Outcome<'_>) {
        let client = self.client.inner();
        let Outcome::Status {
            status: 429,
            headers,
        } = outcome
        else {
            return;
        };
        let asked = header::retry_after(headers, client.clock.now());
        if let (Some(limiter), Some(asked)) = (&client.limiter, asked) {
            limiter.pause(&*client.clock, asked);
        }
    }

    /// One attempt, seen by the observers and limited in time.
    async fn attempt(
        &self,
        credentials: &Credentials,
        streaming: bool,
        progress: &Progress,
    ) -> Result<Answer, Failure> {
        let client = self.client.inner();
        let mut request = self
            .assemble(credentials)
            .map_err(|error| Failure::Request(Box::new(error)))?;
        let number = progress.sent.fetch_add(1, Ordering::Relaxed) + 1;
        for observer in &client.observers {
            observer.before_request(&mut OutgoingRequest::new(
                self.operation,
                number,
                &mut request,
            ));
        }
        let span = observe::attempt_span(number);
        let limit = self.settings.attempt_timeout.or(client.attempt_timeout);
        let began = client.clock.now();
        let answer = self.execute(request, streaming, progress);
        let answer = answer.instrument(span.clone());
        let answer = within(&*client.clock, limit, answer)
            .await
            .unwrap_or_else(|limit| Err(TransportError::attempt_timeout(self.operation, limit)));
        let elapsed = elapsed(began, client.clock.now());
        let outcome = match &answer {
            Ok(answer) => {
                answer.record(&span);
                answer.outcome()
            }
            Err(error) => Outcome::Transport(error),
        };
        for observer in &client.observers {
            let exchange = Exchange::new(self.operation, number, outcome, elapsed);
            observer.after_response(&exchange);
        }
        answer.map_err(|error| {
            let failure = Failure::Transport(Box::new(error));
            observe::record_failure(&span, &failure);
            failure
        })
    }

    /// Sends a request and reads the answer, but for a body that is to be read as it comes.
    async fn execute(
        &self,
        request: reqwest::Request,
        streaming: bool,
        progress: &Progress,
    ) -> Result<Answer, TransportError> {
        let client = self.client.inner();
        let url = request.url().clone();
        let is_redirected = &progress.is_redirected;
        is_redirected.store(false, Ordering::Relaxed);
        let mut work = pin!(client.http.execute(request));
        let mut is_ours = false;
        let response = poll_fn(|context| {
            let before = platform::followed_redirects();
            let polled = work.as_mut().poll(context);
            let now = platform::followed_redirects();
            let followed = now.all.wrapping_sub(before.all);
            is_ours |= followed != 0;
            if let Some(limiter) = &client.limiter {
                (0..followed).for_each(|_| limiter.count(&*client.clock));
            }
            if now.answers != before.answers {
                is_redirected.store(true, Ordering::Relaxed);
            }
            polled
        })
        .await;
        let mut response =
            response.map_err(|error| TransportError::from_reqwest(self.operation, error))?;
        // An HTTP client of the user's own follows redirects in its own way.
        if !is_ours && *response.url() != url {
            is_redirected.store(true, Ordering::Relaxed);
        }
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let is_open = streaming && (200..300).contains(&status);
        let most = self.settings.max_response_bytes;
        let most = most.or(client.max_response_bytes);
        let most = match most {
            most if status >= 400 => Some(most.unwrap_or(u64::MAX).min(MAX_ERROR_BYTES)),
            None if is_open => None,
            most => Some(most.unwrap_or(MAX_WHOLE_BYTES)),
        };
        if let (Some(most), Some(length)) = (most, response.content_length())
            && length > most
            && status < 400
        {
            return Err(TransportError::too_large(self.operation, most));
        }
        let mut body = ByteStream::new(self.operation, response, most);
        if is_open {
            return Ok(Answer::Open {
                status,
                headers,
                body,
            });
        }
        let (bytes, end) = body.read_to_end().await;
        let response = RawResponse::new(status, headers, bytes);
        match end {
            Ok(()) => Ok(Answer::Whole(response)),
            // The status says more than the end of the connection.
            Err(error) if status >= 400 => {
                let is_ours = most == Some(MAX_ERROR_BYTES);
                let reason = match error.kind() {
                    TransportErrorKind::TooLarge if is_ours => {
                        "no more is read of the body of an error"
                    }
                    _ => error.message(),
                };
                Ok(Answer::Whole(response.cut_off(reason)))
            }
            Err(error) => Err(error.after(&response)),
        }
    }
}

fn refused(error: CredentialsError) -> Failure {
    Failure::Credentials(Box::new(error))
}

/// What a future comes to within a time; the error is the time, if that is over first.
async fn within<T>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    work: impl Future<Output = T>,
) -> Result<T, Duration> {
    let Some(limit) = limit else {
        return Ok(work.await);
    };
    let mut work = pin!(work);
    let mut timer = clock.sleep(limit);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Ok(value)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| Err(limit)),
    })
    .await
}

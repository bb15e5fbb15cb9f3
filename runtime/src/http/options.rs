//! What a single call does otherwise than its client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{CheckBody, NoRetry, Request, RetryPolicy};

/// Settings of one call, on every request builder.
///
/// A builder's own method of the same name, made for a parameter of the operation, comes first; then
/// say `CallOptions::timeout(builder, …)`.
///
/// ```no_run
/// use oas_runtime::{self as rt, CallOptions};
/// use std::time::Duration;
/// # #[derive(Clone)]
/// # struct ListPets { request: rt::Request }
/// # impl AsMut<rt::Request> for ListPets {
/// #     fn as_mut(&mut self) -> &mut rt::Request { &mut self.request }
/// # }
/// # impl ListPets {
/// #     fn send(self) -> rt::Sending<Vec<String>, rt::Value> {
/// #         self.request.send_json(200, rt::RawResponse::json)
/// #     }
/// # }
/// # async fn example(list_pets: ListPets) -> Result<(), Box<dyn std::error::Error>> {
///
/// let pets = list_pets
///     .no_retry()
///     .timeout(Duration::from_secs(5))
///     .extra_header("X-Experimental", "true")
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
pub trait CallOptions: AsMut<Request> + Sized {
    /// When to send this request again, in place of the client's policy.
    #[must_use]
    fn retry(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.as_mut().settings.retry = Some(Arc::new(policy));
        self
    }

    /// Sends this request once, whatever comes of it; but for a 401, which new credentials may
    /// mend.
    #[must_use]
    fn no_retry(self) -> Self {
        self.retry(NoRetry)
    }

    /// Longest time for the whole call: waiting for a token or the rate limit, all attempts, and
    /// waiting between them.
    #[must_use]
    fn timeout(mut self, total: Duration) -> Self {
        self.as_mut().settings.timeout = Some(total);
        self
    }

    /// Longest time for one attempt, from sending the request to the end of its answer.
    #[must_use]
    fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.as_mut().settings.attempt_timeout = Some(limit);
        self
    }

    /// Longest body to read, in bytes, in place of the
    /// [client's limit](super::ClientBuilder::max_response_bytes).
    #[must_use]
    fn max_response_bytes(mut self, limit: u64) -> Self {
        self.as_mut().settings.max_response_bytes = Some(limit);
        self
    }

    /// Says that sending this request twice does no more than sending it once, whatever its method:
    /// because it carries an idempotency key, or because the API is known to bear it.
    #[must_use]
    fn repeatable(mut self) -> Self {
        self.as_mut().settings.is_repeatable = true;
        self
    }

    /// What looks at the body before it is sent, in place of the client's.
    #[must_use]
    fn check_body(mut self, check: impl CheckBody + 'static) -> Self {
        self.as_mut().settings.check = BodyCheck::Own(Arc::new(check));
        self
    }

    /// Sends the body without a look at it.
    #[must_use]
    fn no_body_check(mut self) -> Self {
        self.as_mut().settings.check = BodyCheck::Nothing;
        self
    }

    /// A header that no parameter describes; it wins over all others of its name.
    #[must_use]
    fn extra_header(mut self, name: &str, value: &str) -> Self {
        Request::extra_header(self.as_mut(), name, value);
        self
    }

    /// A query pair that no parameter describes.
    #[must_use]
    fn extra_query(mut self, name: &str, value: &str) -> Self {
        Request::extra_query(self.as_mut(), name, value);
        self
    }
}

impl<T: AsMut<Request>> CallOptions for T {}

/// What a request says about its call.
#[derive(Clone, Default)]
pub(super) struct CallSettings {
    pub(super) retry: Option<Arc<dyn RetryPolicy>>,
    pub(super) timeout: Option<Duration>,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) max_response_bytes: Option<u64>,
    pub(super) is_repeatable: bool,
    pub(super) check: BodyCheck,
}

/// What looks at the body of a call.
#[derive(Clone, Default)]
pub(super) enum BodyCheck {
    /// What looks at those of all calls of the client.
    #[default]
    OfClient,
    Nothing,
    Own(Arc<dyn CheckBody>),
}

impl BodyCheck {
    pub(super) fn or<'a>(
        &'a self,
        of_client: Option<&'a Arc<dyn CheckBody>>,
    ) -> Option<&'a Arc<dyn CheckBody>> {
        match self {
            Self::OfClient => of_client,
            Self::Nothing => None,
            Self::Own(check) => Some(check),
        }
    }
}

impl fmt::Debug for CallSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallSettings")
            .field("retry", &self.retry.is_some())
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("is_repeatable", &self.is_repeatable)
            .finish_non_exhaustive()
    }
}

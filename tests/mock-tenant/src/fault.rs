//! What the tenant does wrong when it is asked to.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::Operation;

/// Something that goes wrong with a request.
///
/// Its text form, which headers and `POST /__faults` take, stands at each variant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Answers with an error, whose body is the one documented for its status; nothing is done.
    ///
    /// `429`, `503`, `429 retry-after=2`, `503 retry-after=date+2`
    Status {
        /// The status: 400 or more.
        status: u16,
        /// The `Retry-After` header.
        retry_after: Option<RetryAfter>,
    },
    /// Answers with a page of HTML, as a proxy does; nothing is done.
    ///
    /// `html 502`
    Html {
        /// The status.
        status: u16,
    },
    /// Answers with no body; nothing is done.
    ///
    /// `empty 500`
    Empty {
        /// The status.
        status: u16,
    },
    /// Answers with an error under `Content-Encoding: UTF-8`, which is no encoding; nothing is done.
    ///
    /// `odd-encoding 400`
    OddEncoding {
        /// The status.
        status: u16,
    },
    /// Answers with an error whose body is cut off; nothing is done.
    ///
    /// `cut-off-error 500 20`
    CutOffError {
        /// The status.
        status: u16,
        /// The bytes of the body that are sent.
        after: usize,
    },
    /// Does what is asked, and breaks the connection in the middle of the answer's body.
    ///
    /// `cut-off 100`
    CutOff {
        /// The bytes of the body that are sent.
        after: usize,
    },
    /// Does nothing and breaks the connection.
    ///
    /// `disconnect`
    Disconnect,
    /// Does what is asked and breaks the connection before the answer.
    ///
    /// `lose-answer`
    LoseAnswer,
    /// Does what is asked after this time.
    ///
    /// `slow 2s`, `slow 300ms`
    Slow {
        /// The time, by the machine's clock.
        delay: Duration,
    },
    /// The request's token has expired.
    ///
    /// `expired-token`
    ExpiredToken,
}

/// A `Retry-After` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// The date so many seconds from now, by the tenant's clock.
    Date(u64),
}

/// A fault, and the requests that it happens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    pub(crate) fault: Fault,
    /// None: any of the API's operations, but not the token's.
    pub(crate) operation: Option<Operation>,
    pub(crate) after: usize,
    pub(crate) times: usize,
}

impl Fault {
    /// Happens to requests of this operation only.
    pub fn on(self, operation: Operation) -> Injection {
        Injection {
            operation: Some(operation),
            ..self.into()
        }
    }

    /// Happens to so many requests, one after the other.
    pub fn times(self, times: usize) -> Injection {
        Injection::from(self).times(times)
    }

    /// Happens only after so many other requests.
    pub fn after(self, requests: usize) -> Injection {
        Injection::from(self).after(requests)
    }

    /// A 429 that asks to wait so many seconds.
    pub fn too_many_requests(seconds: u64) -> Self {
        Self::Status {
            status: 429,
            retry_after: Some(RetryAfter::Seconds(seconds)),
        }
    }

    /// An answer with this status, and its documented body.
    pub fn status(status: u16) -> Self {
        Self::Status {
            status,
            retry_after: None,
        }
    }
}

impl From<Fault> for Injection {
    /// Happens once, to the next request of any of the API's operations.
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            operation: None,
            after: 0,
            times: 1,
        }
    }
}

impl Injection {
    /// Happens to so many requests, one after the other.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// Happens only after so many other requests.
    #[must_use]
    pub fn after(self, requests: usize) -> Self {
        Self {
            after: requests,
            ..self
        }
    }

    fn concerns(&self, operation: Operation) -> bool {
        match self.operation {
            Some(only) => only == operation,
            None => operation != Operation::Token,
        }
    }
}

/// Faults that are still to happen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(Vec<Injection>);

impl Faults {
    pub(crate) fn add(&mut self, injection: Injection) {
        if injection.times > 0 {
            self.0.push(injection);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What is to happen to a request of this operation: what was asked for first, if that does not
    /// wait for other requests.
    pub(crate) fn next(&mut self, operation: Operation) -> Option<Fault> {
        let mut happens = None;
        for (index, injection) in self.0.iter_mut().enumerate() {
            if !injection.concerns(operation) {
                continue;
            }
            if injection.after > 0 {
                injection.after -= 1;
            } else if happens.is_none() {
                happens = Some(index);
            }
        }
        let index = happens?;
        let injection = self.0.get_mut(index)?;
        injection.times = injection.times.saturating_sub(1);
        let fault = injection.fault.clone();
        self.0.retain(|injection| injection.times > 0);
        Some(fault)
    }
}

/// The text is no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no fault; one is: a status of 400 or more, as in `429`, `503 retry-after=2`, \
             `429 retry-after=date+2`; `html 502`; `empty 500`; `odd-encoding 400`; \
             `cut-off-error 500 20`; `cut-off 100`; `disconnect`; `lose-answer`; `slow 300ms`; \
             `expired-token`",
            self.0
        )
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let words: Vec<&str> = text.split_whitespace().collect();
        read(&words).ok_or_else(|| UnknownFault(text.trim().to_owned()))
    }
}

fn read(words: &[&str]) -> Option<Fault> {
    Some(match *words {
        ["html", status] => Fault::Html {
            status: read_status(status)?,
        },
        ["empty", status] => Fault::Empty {
            status: read_status(status)?,
        },
        ["odd-encoding", status] => Fault::OddEncoding {
            status: read_status(status)?,
        },
        ["cut-off-error", status, after] => Fault::CutOffError {
            status: read_status(status)?,
            after: after.parse().ok()?,
        },
        ["cut-off", after] => Fault::CutOff {
            after: after.parse().ok()?,
        },
        ["disconnect"] => Fault::Disconnect,
        ["lose-answer"] => Fault::LoseAnswer,
        ["slow", delay] => Fault::Slow {
            delay: read_delay(delay)?,
        },
        ["expired-token"] => Fault::ExpiredToken,
        [status] => Fault::status(read_status(status)?),
        [status, retry_after] => Fault::Status {
            status: read_status(status)?,
            retry_after: Some(read_retry_after(retry_after)?),
        },
        _ => return None,
    })
}

fn read_status(text: &str) -> Option<u16> {
    let status = text.parse().ok()?;
    (400..600).contains(&status).then_some(status)
}

fn read_retry_after(text: &str) -> Option<RetryAfter> {
    let text = text.strip_prefix("retry-after=")?;
    Some(match text.strip_prefix("date+") {
        Some(seconds) => RetryAfter::Date(seconds.parse().ok()?),
        None => RetryAfter::Seconds(text.parse().ok()?),
    })
}

fn read_delay(text: &str) -> Option<Duration> {
    match text.strip_suffix("ms") {
        Some(milliseconds) => milliseconds.parse().ok().map(Duration::from_millis),
        None => {
            let seconds = text.strip_suffix('s')?.parse().ok()?;
            Some(Duration::from_secs(seconds))
        }
    }
}

impl fmt::Display for Fault {
    /// The text form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status {
                status,
                retry_after,
            } => {
                write!(f, "{status}")?;
                match retry_after {
                    Some(RetryAfter::Seconds(seconds)) => write!(f, " retry-after={seconds}"),
                    Some(RetryAfter::Date(seconds)) => write!(f, " retry-after=date+{seconds}"),
                    None => Ok(()),
                }
            }
            Self::Html { status } => write!(f, "html {status}"),
            Self::Empty { status } => write!(f, "empty {status}"),
            Self::OddEncoding { status } => write!(f, "odd-encoding {status}"),
            Self::CutOffError { status, after } => write!(f, "cut-off-error {status} {after}"),
            Self::CutOff { after } => write!(f, "cut-off {after}"),
            Self::Disconnect => f.write_str("disconnect"),
            Self::LoseAnswer => f.write_str("lose-answer"),
            Self::Slow { delay } => write!(f, "slow {}ms", delay.as_millis()),
            Self::ExpiredToken => f.write_str("expired-token"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_read_as_it_is_written() {
        for text in [
            "429",
            "429 retry-after=2",
            "503 retry-after=date+60",
            "html 502",
            "empty 500",
            "odd-encoding 400",
            "cut-off-error 500 20",
            "cut-off 0",
            "disconnect",
            "lose-answer",
            "slow 300ms",
            "expired-token",
        ] {
            let fault: Fault = text.parse().expect(text);
            assert_eq!(fault.to_string(), text);
        }
        for text in ["", "200", "html", "html 99", "429 2", "slow 2", "slow xs"] {
            let error = text.parse::<Fault>().expect_err(text);
            assert!(error.to_string().contains("is no fault"), "{error}");
        }
    }

    #[test]
    fn faults_happen_to_the_requests_they_are_for() {
        let mut faults = Faults::default();
        faults.add(Fault::Disconnect.on(Operation::Import));
        faults.add(Fault::status(503).times(2));
        faults.add(Fault::LoseAnswer.on(Operation::List).after(1));
        let mut next = |operation| faults.next(operation).map(|fault| fault.to_string());
        assert_eq!(next(Operation::Token), None);
        assert_eq!(next(Operation::List).as_deref(), Some("503"));
        assert_eq!(next(Operation::Import).as_deref(), Some("disconnect"));
        assert_eq!(next(Operation::Get).as_deref(), Some("503"));
        assert_eq!(next(Operation::List).as_deref(), Some("lose-answer"));
        assert_eq!(next(Operation::List), None);
    }
}

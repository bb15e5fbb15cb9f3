//! Paths below `/__`, for people and other programs: faults, time, what was asked.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Answered};
use crate::state::Shared;
use crate::{Fault, Injection, Operation, RecordedRequest};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    /// In its text form.
    fault: String,
    /// By its id; none: any but the token's.
    operation: Option<String>,
    #[serde(default = "once")]
    times: usize,
    #[serde(default)]
    after: usize,
}

fn once() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    /// Seconds.
    advance: u64,
}

const HELP: &str = "\
POST   /__faults    {\"fault\": \"429 retry-after=2\", \"operation\": \"listIdentityProfiles\", \"times\": 3, \"after\": 0}
DELETE /__faults    no more faults
POST   /__clock     {\"advance\": 800}: seconds that pass for the tenant
GET    /__requests  what was asked so far, and how it was answered
DELETE /__requests  forgets it
";

pub(crate) fn answer(shared: &Shared, path: &str, request: &RecordedRequest) -> Answered {
    let mut state = shared.lock();
    match (request.method.as_str(), path) {
        ("POST", "faults") => {
            let injection = injection(&read(request)?)?;
            state.faults.add(injection);
        }
        ("DELETE", "faults") => state.faults.clear(),
        ("POST", "clock") => {
            let ClockRequest { advance } = read(request)?;
            shared.clock.advance(Duration::from_secs(advance));
            return Ok(Answer::json(
                200,
                &json!({"now": shared.clock.now().to_string()}),
            ));
        }
        ("GET", "requests") => {
            let exchange = |exchange: &crate::Exchange| {
                json!({
                    "operation": exchange.operation.map(Operation::id),
                    "method": exchange.request.method,
                    "target": exchange.request.target,
                    "status": exchange.status,
                })
            };
            let exchanges: Vec<Value> = state.exchanges.iter().map(exchange).collect();
            return Ok(Answer::json(200, &exchanges.into()));
        }
        ("DELETE", "requests") => state.exchanges.clear(),
        _ => return Err(Answer::text(404, HELP)),
    }
    Ok(Answer::empty(204))
}

fn injection(asked: &FaultRequest) -> Result<Injection, Answer> {
    let wrong = |problem: String| Answer::text(400, format!("{problem}\n"));
    let fault: Fault = asked
        .fault
        .parse()
        .map_err(|error: crate::UnknownFault| wrong(error.to_string()))?;
    let operation = asked.operation.as_deref().map(|id| {
        Operation::by_id(id).ok_or_else(|| {
            let ids = Operation::ALL.map(Operation::id).join(", ");
            wrong(format!("there is no operation {id:?}; there are {ids}"))
        })
    });
    Ok(Injection {
        operation: operation.transpose()?,
        ..fault.times(asked.times).after(asked.after)
    })
}

fn read<'a, T: Deserialize<'a>>(request: &'a RecordedRequest) -> Result<T, Answer> {
    serde_json::from_slice(&request.body)
        .map_err(|error| Answer::text(400, format!("{error}\n\n{HELP}")))
}

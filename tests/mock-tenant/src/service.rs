//! From a request to its answer.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use export_validator::Edition;

use crate::answer::{Answer, Answered, TRACKING_ID};
use crate::connection::Cut;
use crate::operation::Target;
use crate::state::Shared;
use crate::{Exchange, Fault, Operation, RecordedRequest, admin, import, list};

/// The header by which a request asks for a [`Fault`], in its text form.
pub const FAULT_HEADER: &str = "x-mock-fault";

pub(crate) async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = RecordedRequest::new(&method, &uri, &headers, body);
    let target = Target::of(&request.method, request.path());
    if let Target::Admin(path) = &target {
        let answer = admin::answer(&shared, path, &request);
        return answer.unwrap_or_else(|error| error).into_response();
    }
    let operation = target.operation();
    let (index, tracking_id, fault) = {
        let mut state = shared.lock();
        state.exchanges.push(Exchange {
            operation,
            request: request.clone(),
            status: None,
        });
        let fault = match (request.header(FAULT_HEADER), operation) {
            (Some(text), _) => text.parse().map(Some),
            (None, Some(operation)) => Ok(state.faults.next(operation)),
            (None, None) => Ok(None),
        };
        (state.exchanges.len() - 1, state.tracking_id(), fault)
    };
    let answer = match fault {
        Ok(Some(fault)) => with_fault(&shared, &fault, &target, &request, &tracking_id).await,
        Ok(None) => Some(act(&shared, &target, &request, &tracking_id)),
        Err(error) => {
            let problem = [format!("{FAULT_HEADER}: {error}")];
            Some(Answer::error_because(
                400,
                &tracking_id,
                "Bad header",
                &problem,
            ))
        }
    };
    let Some(answer) = answer else {
        cut.cut();
        return Answer::empty(500).into_response();
    };
    if let Some(exchange) = shared.lock().exchanges.get_mut(index) {
        exchange.status = Some(answer.status);
    }
    answer.header(TRACKING_ID, &tracking_id).into_response()
}

/// None: no answer at all.
async fn with_fault(
    shared: &Shared,
    fault: &Fault,
    target: &Target,
    request: &RecordedRequest,
    tracking_id: &str,
) -> Option<Answer> {
    let acted = || act(shared, target, request, tracking_id);
    Some(match *fault {
        Fault::Status {
            status,
            retry_after,
        } => {
            let answer = Answer::error(status, tracking_id);
            match retry_after {
                Some(wait) => answer.retry_after(wait, shared.clock.now()),
                None => answer,
            }
        }
        Fault::Html { status } => Answer::html(status),
        Fault::Empty { status } => Answer::empty(status),
        Fault::OddEncoding { status } => Answer::error(status, tracking_id).odd_encoding(),
        Fault::CutOffError { status, after } => Answer::error(status, tracking_id).cut_after(after),
        Fault::CutOff { after } => acted().cut_after(after),
        Fault::Disconnect => return None,
        Fault::LoseAnswer => {
            acted();
            return None;
        }
        Fault::Slow { delay } => {
            tokio::time::sleep(delay).await;
            acted()
        }
        Fault::ExpiredToken => {
            let now = shared.clock.now();
            shared.lock().credentials.expire(request, now);
            acted()
        }
    })
}

/// Does what is asked.
fn act(shared: &Shared, target: &Target, request: &RecordedRequest, tracking_id: &str) -> Answer {
    let answered = match target {
        Target::Token => {
            let now = shared.clock.now();
            shared.lock().credentials.answer(request, now)
        }
        Target::Api(edition, operation, id) => {
            call(shared, *edition, *operation, id, request, tracking_id)
        }
        Target::WrongMethod(expected) => {
            let causes = [format!("this path takes {expected} only")];
            let text = "The method is not allowed.";
            Err(Answer::error_because(405, tracking_id, text, &causes))
        }
        Target::Unknown | Target::Admin(_) => Err(Answer::error(404, tracking_id)),
    };
    answered.unwrap_or_else(|error| error)
}

fn call(
    shared: &Shared,
    edition: Edition,
    operation: Operation,
    id: &str,
    request: &RecordedRequest,
    tracking_id: &str,
) -> Answered {
    let now = shared.clock.now();
    let mut state = shared.lock();
    if let Some(seconds) = state.count_request(now) {
        let wait = crate::RetryAfter::Seconds(seconds);
        return Err(Answer::error(429, tracking_id).retry_after(wait, now));
    }
    state
        .credentials
        .check(request, operation, now, tracking_id)?;
    let collection = |documented| {
        list::answer(
            &state.store,
            operation,
            documented,
            request,
            shared.strict_offset,
            tracking_id,
        )
    };
    match operation {
        Operation::List | Operation::Token => collection(&shared.list),
        Operation::Export => collection(&shared.export),
        Operation::Get => match state.store.get(id) {
            Some(profile) => Ok(Answer::json_text(200, profile.text.clone())),
            None => {
                let text = "The server did not find a current representation for the target \
                            resource.";
                let cause = format!("there is no identity profile {id:?}");
                Err(Answer::error_because(404, tracking_id, text, &[cause]))
            }
        },
        Operation::Import => import::answer(
            &mut state.store,
            &shared.world,
            shared.validator(edition),
            request,
            &now.to_string(),
            tracking_id,
        ),
    }
}

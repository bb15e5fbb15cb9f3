//! Tokens that are renewed while calls go on, and what does not come.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use oas_runtime as rt;

use crate::clock::TestClock;
use crate::oauth::{GOOD, REFUSED, Tenant, WITH_TOKEN, call};

/// Never again, and how often it was asked.
#[derive(Clone, Default)]
struct Refusals(Arc<AtomicU32>);

impl rt::RetryPolicy for Refusals {
    fn next_delay(&self, _: &rt::Attempt<'_>) -> Option<Duration> {
        self.0.fetch_add(1, Ordering::SeqCst);
        None
    }
}

impl Refusals {
    async fn until(&self, times: u32) {
        while self.0.load(Ordering::SeqCst) < times {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn no_call_waits_for_a_token_while_there_is_a_good_one() {
    let tenant = Tenant::start(&[GOOD]).await;
    let clock = TestClock::start();
    let client = tenant.builder().clock(clock.clone()).build();
    let client = client.expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    clock.advance(Duration::from_secs(700));
    let closed = tenant.gate.acquire().await.expect("never closed");
    for _ in 0..10 {
        assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    }
    tenant.until_asked(2).await;
    assert_eq!(tenant.counts(), (2, 11), "the endpoint hangs");
    // The call that began it is long gone, and nobody waits.
    drop(closed);
    while call(&client).await != Ok("200 2".to_owned()) {
        tokio::task::yield_now().await;
    }
    assert_eq!(tenant.counts().0, 2);
}

#[tokio::test]
async fn a_token_that_expires_meanwhile_is_waited_for() {
    let tenant = Tenant::start(&[GOOD]).await;
    let clock = TestClock::start();
    let client = tenant.builder().clock(clock.clone()).build();
    let client = client.expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    clock.advance(Duration::from_secs(700));
    let closed = tenant.gate.acquire().await.expect("never closed");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    tenant.until_asked(2).await;
    clock.advance(Duration::from_secs(50));
    let start = || {
        let client = client.clone();
        tokio::spawn(async move { call(&client).await })
    };
    let calls = [start(), start(), start()];
    tokio::task::yield_now().await;
    calls[0].abort();
    drop(closed);
    let [_, second, third] = calls;
    for call in [second, third] {
        assert_eq!(call.await.expect("no panic"), Ok("200 2".to_owned()));
    }
    assert_eq!(
        tenant.counts(),
        (2, 4),
        "they waited for what was under way"
    );
}

#[tokio::test]
async fn a_refused_token_is_not_used_while_another_is_under_way() {
    let tenant = Tenant::start(&[GOOD]).await;
    let clock = TestClock::start();
    let client = tenant.builder().clock(clock.clone()).build();
    let client = client.expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    clock.advance(Duration::from_secs(700));
    let closed = tenant.gate.acquire().await.expect("never closed");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    tenant.until_asked(2).await;
    tenant.revoke(1);
    let handle = client.clone();
    let refused = tokio::spawn(async move { call(&handle).await });
    while tenant.counts().1 < 3 {
        tokio::task::yield_now().await;
    }
    drop(closed);
    assert_eq!(refused.await.expect("no panic"), Ok("200 2".to_owned()));
    assert_eq!(tenant.counts(), (2, 4));
}

#[tokio::test]
async fn a_token_is_used_to_its_end_if_there_is_no_other() {
    let tenant = Tenant::start(&[GOOD, REFUSED, REFUSED, REFUSED, GOOD]).await;
    let clock = TestClock::start();
    let refusals = Refusals::default();
    let client = tenant.builder().clock(clock.clone());
    let client = client.retry(refusals.clone()).build();
    let client = client.expect("a good configuration");
    let step = async |seconds| {
        clock.advance(Duration::from_secs(seconds));
        call(&client).await.is_ok()
    };
    assert!(step(0).await);
    assert!(step(700).await, "early and in vain");
    refusals.until(1).await;
    assert!(step(5).await);
    assert_eq!(tenant.counts().0, 2, "not again at once");
    assert!(step(10).await);
    refusals.until(2).await;
    assert_eq!(tenant.counts().0, 3);
    assert!(!step(34).await, "it has expired");
    assert_eq!(tenant.counts().0, 4);
    assert!(step(0).await);
    assert_eq!(tenant.counts().0, 5);
}

#[tokio::test]
async fn a_token_may_take_longer_than_calls_may() {
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.builder().clock(TestClock::start());
    // Each wait of this clock is over at once, and so are the calls.
    let client = client.timeout(Duration::from_millis(1)).build();
    let client = client.expect("a good configuration");
    let closed = tenant.gate.acquire().await.expect("never closed");
    for _ in 0..3 {
        let error = call(&client).await.expect_err("there is no token yet");
        assert!(error.ends_with("was not sent in that time"), "{error}");
    }
    tenant.until_asked(1).await;
    drop(closed);
    // What was asked for comes, though nobody waits.
    while call(&client)
        .await
        .is_err_and(|error| error.contains("not sent"))
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(tenant.counts().0, 1);
}

#[tokio::test]
async fn a_source_that_never_answers_is_asked_again() {
    let tenant = Tenant::start(&[]).await;
    let (clock, asked) = (TestClock::start(), Arc::new(AtomicU32::new(0)));
    let count = Arc::clone(&asked);
    let source = move || {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            if number == 1 {
                std::future::pending::<()>().await;
            }
            Ok(rt::AccessToken::new(format!("token-{number}")))
        }
    };
    let client = tenant.builder().token_source(source).clock(clock.clone());
    let client = client.build().expect("a good configuration");
    let handle = client.clone();
    let first = tokio::spawn(async move { call(&handle).await });
    while asked.load(Ordering::SeqCst) < 1 {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(61));
    assert_eq!(call(&client).await, Ok("200 2".to_owned()));
    assert_eq!(call(&client).await, Ok("200 2".to_owned()));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    first.abort();
}

/// Notes that it is gone.
struct Noted(Arc<AtomicU32>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_client_that_is_dropped_gives_up_what_is_under_way() {
    let tenant = Tenant::start(&[]).await;
    let (clock, asked, gone) = (TestClock::start(), Arc::default(), Arc::default());
    let handles: (Arc<AtomicU32>, Arc<AtomicU32>) = (Arc::clone(&asked), Arc::clone(&gone));
    let source = move || {
        let is_first = handles.0.fetch_add(1, Ordering::SeqCst) == 0;
        let noted = Noted(Arc::clone(&handles.1));
        async move {
            if !is_first {
                std::future::pending::<()>().await;
            }
            drop(noted);
            Ok(rt::AccessToken::new("token-1").expires_in(Duration::from_secs(100)))
        }
    };
    let client = tenant.builder().token_source(source).clock(clock.clone());
    let client = client.build().expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    clock.advance(Duration::from_secs(95));
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    while asked.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(gone.load(Ordering::SeqCst), 1);
    drop(client);
    while gone.load(Ordering::SeqCst) < 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_source_that_waits_for_itself_is_an_error() {
    let tenant = Tenant::start(&[]).await;
    let itself: Arc<OnceLock<rt::Client>> = Arc::default();
    let handle = Arc::clone(&itself);
    let source = move || {
        let client = handle.get().expect("it is set").clone();
        async move {
            let answer = client.request(&WITH_TOKEN).send_raw().await;
            let answer = answer.map_err(|error| rt::CredentialsError::new(error.to_string()))?;
            Ok(rt::AccessToken::new(answer.status().to_string()))
        }
    };
    let client = tenant.builder().token_source(source).build();
    let client = client.expect("a good configuration");
    itself.set(client.clone()).expect("it is set once");
    for _ in 0..2 {
        assert_eq!(
            call(&client).await.expect_err("there is no token"),
            "credentials: credentials: the token source calls with the client that waits for its \
             token; let it use another client"
        );
    }
    assert_eq!(tenant.counts(), (0, 0));
    // One client may ask with another.
    let other = tenant.builder().bearer_token("token-7").build();
    let other = other.expect("a good configuration");
    let source = move || {
        let request = other.request(&WITH_TOKEN);
        async move {
            let answer = request.send_raw().await;
            let answer = answer.map_err(|error| rt::CredentialsError::new(error.to_string()))?;
            let number = answer.text().expect("the test's answers are text");
            Ok(rt::AccessToken::new(format!("token-{number}")))
        }
    };
    let client = tenant.builder().token_source(source).build();
    let client = client.expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 7".to_owned()));
}

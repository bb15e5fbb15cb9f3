//! Page after page of an operation that divides its result.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use reqwest::header::HeaderMap;
use tracing::Instrument as _;

use crate::json::{Json, Value};

use super::platform::{self, Task};
use super::send::Decoder;
use super::{Error, Operation, Request, RequestError, Response, Sending, Style, header};

/// How an operation divides its result into pages: plain data, stated by generated code.
///
/// `offset` counts records, `limit` bounds a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The query parameter for the number of records wanted.
    pub limit: &'static str,
    /// The query parameter for the number of records to skip.
    pub offset: &'static str,
    /// The largest limit that is documented.
    pub max_limit: Option<u64>,
    /// The limit that applies when none is given, if that is documented.
    pub default_limit: Option<u64>,
    /// The offset that applies when none is given, if that is documented.
    pub default_offset: Option<u64>,
    /// The query parameter that asks for the number of all records.
    pub count: Option<&'static str>,
    /// The response header that has the number of all records.
    pub total: Option<&'static str>,
}

/// The pages of a result, one request each; [`next`](Self::next) asks for them in turn.
///
/// A page is asked for with the limit that the request has, or with the documented maximum if that
/// is smaller: the records are the same, and a server refuses or cuts down what is above it. Without
/// one it is the documented maximum, else the default; without any of these no limit is sent. The
/// first page starts at the request's offset; without one, where the server starts by itself. A limit
/// or an offset that is no whole number from 0 is an error in place of the first page. Each
/// request is sent as the client sends any other: with its credentials, retry and rate limit.
///
/// An empty page is the end, and so is one that is shorter than its limit, if the document says that
/// the server gives as many: the limit is within the documented maximum or, where there is none,
/// within the default. Any other limit may be above what the server gives, so a short page says
/// nothing then, and the next one is asked for. Where the number of all records is known (the request
/// asked for it), it says whether a short page is the last. Without it, a server that gives fewer
/// records than it documents, for reasons of its own, ends the result early.
///
/// Some servers refuse an offset at the end with a 400: after a page that may not have been the last
/// that is the end too. If the number of all records says that there should be more, it is an error;
/// where that number is documented and not known, it is asked for once before a 400 is taken for the
/// end; if that is refused, the 400 is the end.
///
/// A server that gives the same records again, whatever the offset, would never come to an end: then
/// there is an error in place of the second page, and nothing after it.
///
/// After any other error the next call of [`next`](Self::next) asks for the same page again, so that
/// nothing is lost or doubled. As a [`Stream`] they end with an error, as streams do, so that what
/// takes errors for gaps comes to an end; `next` goes on even then. Records that others add or remove
/// meanwhile move those behind them: a result that is sorted by what does not change suffers least.
#[must_use = "pages are not asked for until `next` is called"]
pub struct Pages<T, E, H = HeaderMap> {
    request: Request,
    status: u16,
    success: Decoder<Vec<T>>,
    error: Decoder<E>,
    place: Place,
    is_ahead: bool,
    /// Whether the stream has ended with an error.
    has_failed: bool,
    /// What the last page is known by.
    last: Option<Ends>,
    open: Open<T, E>,
    headers: PhantomData<fn() -> H>,
}

/// What tells a page from others: its length, its first and its last record.
#[derive(PartialEq)]
struct Ends {
    length: usize,
    first: Value,
    last: Value,
}

impl Ends {
    /// `None` where other pages may be the same: of one record, or of records that are no objects.
    fn of<T: Json>(page: &[T]) -> Option<Self> {
        let [first, .., last] = page else {
            return None;
        };
        let (first, last) = (first.to_json(), last.to_json());
        (first.is_object() && first != last).then_some(Self {
            length: page.len(),
            first,
            last,
        })
    }
}

/// A request that has been made.
enum Open<T, E> {
    Nothing,
    /// For the next page.
    Page(Call<T, E>),
    /// For the number of all records, after the next page was refused.
    Count {
        refusal: Error<E>,
        call: Call<T, E>,
    },
}

type Answered<T, E, H = HeaderMap> = Result<Response<Vec<T>, H>, Error<E>>;

enum Call<T, E> {
    Here(Sending<Vec<T>, E>),
    /// Goes on by itself.
    Spawned(Task<Answered<T, E>>),
}

impl<T, E> Call<T, E> {
    /// `None`: the call was given up, because the runtime that it went on in ended.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Answered<T, E>>> {
        match self {
            Self::Here(sending) => Pin::new(sending).poll(context).map(Some),
            Self::Spawned(task) => Pin::new(task).poll(context),
        }
    }
}

/// How far the pages have come.
#[derive(Clone, Copy, Debug)]
struct Place {
    paging: &'static Paging,
    /// Where the next page starts.
    offset: u64,
    /// What is sent as the limit.
    limit: Option<u64>,
    /// Whether the document says that a page has so many records, unless it is the last.
    is_documented: bool,
    /// The offset of the first record of all.
    first: u64,
    /// The number of all records, as it was last told, and whether that was after the last page.
    total: Option<u64>,
    is_fresh: bool,
    /// Pages that came.
    pages: u64,
    is_done: bool,
}

impl Place {
    fn of(request: &Request, paging: &'static Paging) -> Self {
        let number = |name| request.query_text(name).and_then(|text| text.parse().ok());
        let asked: Option<u64> = number(paging.limit);
        let limit = match (asked, paging.max_limit) {
            (Some(asked), Some(most)) if asked > most => {
                tracing::debug!(
                    asked,
                    most,
                    "the limit is brought down to the documented one"
                );
                Some(most)
            }
            _ => asked.or(paging.max_limit).or(paging.default_limit),
        };
        let most = paging.max_limit.or(paging.default_limit);
        let first = paging.default_offset.unwrap_or(0);
        Self {
            paging,
            offset: number(paging.offset).unwrap_or(first),
            limit,
            is_documented: limit.zip(most).is_some_and(|(limit, most)| limit <= most),
            first,
            total: None,
            is_fresh: false,
            pages: 0,
            is_done: false,
        }
    }

    /// Takes note of a page.
    fn passed(&mut self, length: usize, headers: &HeaderMap) {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        self.pages += 1;
        self.offset = self.offset.saturating_add(length);
        self.total = self.total_in(headers).or(self.total);
        self.is_fresh = false;
        let is_short = self.limit.is_none_or(|limit| length < limit);
        let is_last = match self.total {
            Some(total) if total > self.seen() => false,
            Some(total) if total == self.seen() => true,
            _ => self.is_documented,
        };
        let is_only = self.paging.offset.is_empty();
        self.is_done = length == 0 || is_short && is_last || is_only || self.offset == u64::MAX;
    }

    /// The number of records that were skipped or have come.
    fn seen(&self) -> u64 {
        self.offset.saturating_sub(self.first)
    }

    fn total_in(&self, headers: &HeaderMap) -> Option<u64> {
        header::parse(headers, self.paging.total?)
    }

    /// Whether a 400 in place of the next page is the end; `None`: that can be asked.
    fn refused(&self) -> Option<bool> {
        let can_ask = self.paging.count.is_some() && self.paging.total.is_some();
        match self.total {
            Some(total) if total <= self.seen() => Some(true),
            Some(_) if self.is_fresh || !can_ask => Some(false),
            None if self.is_fresh || !can_ask => Some(true),
            _ => None,
        }
    }
}

impl Request {
    /// The pages of the operation's result; `success` takes the records out of a body.
    ///
    /// An operation that states no [`Paging`] has one page.
    pub fn pages<T, E, H>(
        self,
        status: u16,
        success: Decoder<Vec<T>>,
        error: Decoder<E>,
    ) -> Pages<T, E, H> {
        const NONE: Paging = Paging {
            limit: "",
            offset: "",
            max_limit: None,
            default_limit: None,
            default_offset: None,
            count: None,
            total: None,
        };
        let place = Place::of(&self, self.operation().paging.unwrap_or(&NONE));
        Pages {
            request: self,
            status,
            success,
            error,
            place,
            is_ahead: false,
            has_failed: false,
            last: None,
            open: Open::Nothing,
            headers: PhantomData,
        }
    }
}

impl<T, E, H> Pages<T, E, H> {
    /// Asks for the next page while one is consumed.
    ///
    /// The request goes on by itself where Tokio runs it, and is given up with the pages.
    pub fn prefetch(mut self) -> Self {
        self.is_ahead = true;
        self
    }

    /// The number of all records, as the server told it with the last page. Servers do so where
    /// the request asks for it.
    pub fn total(&self) -> Option<u64> {
        self.place.total
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.request.operation()
    }

    /// The offset of the next page, which counts the records that were skipped or have come.
    pub fn offset(&self) -> u64 {
        self.place.offset
    }

    /// The limit that a page is asked for with, if any is sent.
    pub fn limit(&self) -> Option<u64> {
        self.place.limit
    }
}

impl<T, E, H> Pages<T, E, H>
where
    T: Json + Send + 'static,
    E: Send + 'static,
    H: From<HeaderMap>,
{
    /// The next page; `None` after the last. Only the first may be empty.
    ///
    /// # Errors
    ///
    /// If the page cannot be had; the next call asks for it again.
    pub async fn next(&mut self) -> Result<Option<Response<Vec<T>, H>>, Error<E>> {
        self.has_failed = false;
        std::future::poll_fn(|context| self.poll_page(context))
            .await
            .transpose()
    }

    /// The records of all pages, one by one.
    pub fn items(self) -> ItemStream<T, E, H> {
        ItemStream {
            pages: self,
            page: Vec::new().into_iter(),
        }
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Answered<T, E, H>>> {
        loop {
            match std::mem::replace(&mut self.open, Open::Nothing) {
                Open::Nothing if self.place.is_done => return Poll::Ready(None),
                Open::Nothing => {
                    if let Some(error) = self.not_a_number() {
                        return Poll::Ready(Some(Err(error)));
                    }
                    self.open = Open::Page(Call::Here(self.send(self.page_request())));
                }
                Open::Page(mut call) => match call.poll(context) {
                    Poll::Pending => {
                        self.open = Open::Page(call);
                        return Poll::Pending;
                    }
                    Poll::Ready(None) => {}
                    Poll::Ready(Some(Ok(page))) => {
                        let is_first = self.place.pages == 0;
                        let ends = Ends::of(&page.body);
                        if ends.is_some() && ends == self.last {
                            self.place.is_done = true;
                            return Poll::Ready(Some(Err(self.same_again())));
                        }
                        self.last = ends;
                        self.place.passed(page.body.len(), &page.headers);
                        if self.is_ahead && !self.place.is_done {
                            self.open = Open::Page(self.send_ahead());
                        }
                        if is_first || !page.body.is_empty() {
                            return Poll::Ready(Some(Ok(Response {
                                status: page.status,
                                headers: H::from(page.headers),
                                body: page.body,
                            })));
                        }
                    }
                    Poll::Ready(Some(Err(refusal))) => {
                        let may_be_end = refusal.status() == Some(400) && self.place.pages > 0;
                        match self.place.refused() {
                            Some(true) if may_be_end => self.place.is_done = true,
                            None if may_be_end => {
                                let call = Call::Here(self.send(self.count_request()));
                                self.open = Open::Count { refusal, call };
                            }
                            _ => return Poll::Ready(Some(Err(refusal))),
                        }
                    }
                },
                Open::Count { refusal, mut call } => match call.poll(context) {
                    Poll::Pending => {
                        self.open = Open::Count { refusal, call };
                        return Poll::Pending;
                    }
                    Poll::Ready(None) => {}
                    Poll::Ready(Some(Ok(answer))) => {
                        self.place.total = self.place.total_in(&answer.headers);
                        self.place.is_fresh = true;
                        if self.place.refused() == Some(false) {
                            return Poll::Ready(Some(Err(refusal)));
                        }
                        self.place.is_done = true;
                    }
                    Poll::Ready(Some(Err(error))) => match error.status() {
                        // These pass, and then there is a number.
                        None | Some(429 | 502..=504) => return Poll::Ready(Some(Err(error))),
                        // Nobody but this asked for it: without it, the refusal is the end.
                        Some(_) => self.place.is_done = true,
                    },
                },
            }
        }
    }

    /// The server has given a page again.
    fn same_again(&self) -> Error<E> {
        let Paging { offset, .. } = self.place.paging;
        let message = format!(
            "the page behind this one: that with the {offset} {} has the records of the page before \
             it, so the server takes no heed of `{offset}`; ask for the one page that there is",
            self.place.offset
        );
        Error::Request(Box::new(RequestError::answered(self.operation(), message)))
    }

    /// The request has a limit or an offset that no page has.
    fn not_a_number(&self) -> Option<Error<E>> {
        let &Paging { limit, offset, .. } = self.place.paging;
        let given = |name| Some((name, self.request.query_text(name)?));
        let mut given = [limit, offset].into_iter().filter_map(given);
        let (name, text) = given.find(|(_, text)| text.parse::<u64>().is_err())?;
        let message = format!(
            "`{name}` is {text}; pages need a whole number, from 0 and within 64 bits, or none"
        );
        Some(Error::Request(Box::new(RequestError::new(
            self.operation(),
            message,
        ))))
    }

    /// Sends the request for the next page in a task of its own, where there is something to run it.
    fn send_ahead(&self) -> Call<T, E> {
        let sending = self.send(self.page_request());
        match platform::spawn(sending.in_current_span()) {
            Ok(task) => Call::Spawned(task),
            Err(sending) => Call::Here(sending.into_inner()),
        }
    }

    fn send(&self, request: Request) -> Sending<Vec<T>, E> {
        request.send_expecting(Some(self.status), self.success, self.error)
    }

    fn page_request(&self) -> Request {
        let mut request = self.request.clone();
        let Place {
            paging,
            limit,
            offset,
            ..
        } = self.place;
        // Where the server starts by itself it need not be told.
        let offset = Some(offset).filter(|offset| paging.default_offset != Some(*offset));
        for (name, value) in [(paging.limit, limit), (paging.offset, offset)] {
            if let Some(value) = value.filter(|_| !name.is_empty()) {
                request.query(name, &value, Style::Form { explode: true });
            }
        }
        request
    }

    /// Asks for one record, and for the number of all.
    fn count_request(&self) -> Request {
        let mut request = self.request.clone();
        let style = Style::Form { explode: true };
        request.query(self.place.paging.limit, &1_u64, style);
        request.query(self.place.paging.offset, &self.place.first, style);
        if let Some(count) = self.place.paging.count {
            request.query(count, &true, style);
        }
        request
    }
}

impl<T, E, H> Stream for Pages<T, E, H>
where
    T: Json + Send + 'static,
    E: Send + 'static,
    H: From<HeaderMap>,
{
    type Item = Result<Response<Vec<T>, H>, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_failed {
            return Poll::Ready(None);
        }
        let page = ready!(self.poll_page(context));
        self.has_failed = matches!(page, Some(Err(_)));
        Poll::Ready(page)
    }
}

impl<T, E, H> fmt::Debug for Pages<T, E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("request", &self.request)
            .field("offset", &self.place.offset)
            .field("total", &self.place.total)
            .finish_non_exhaustive()
    }
}

/// The records of a result, one by one; [`Pages`] says how they are asked for, and what comes behind
/// an error.
#[must_use = "records are not asked for until `next` is called"]
pub struct ItemStream<T, E, H = HeaderMap> {
    pages: Pages<T, E, H>,
    page: std::vec::IntoIter<T>,
}

impl<T, E, H> ItemStream<T, E, H> {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.pages.operation()
    }

    /// Asks for the next page while the records of one are consumed.
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// The number of all records, as the server told it with the last page. Servers do so where
    /// the request asks for it.
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }
}

impl<T, E, H> ItemStream<T, E, H>
where
    T: Json + Send + 'static,
    E: Send + 'static,
    H: From<HeaderMap>,
{
    /// The next record; `None` after the last.
    ///
    /// # Errors
    ///
    /// If the page with the next record cannot be had; the next call asks for it again.
    pub async fn next(&mut self) -> Result<Option<T>, Error<E>> {
        self.pages.has_failed = false;
        std::future::poll_fn(|context| self.poll_item(context))
            .await
            .transpose()
    }

    /// All records that are still to come.
    ///
    /// # Errors
    ///
    /// The first error; the records before it are lost.
    pub async fn collect(mut self) -> Result<Vec<T>, Error<E>> {
        let mut all: Vec<T> = std::mem::take(&mut self.page).collect();
        while let Some(page) = self.pages.next().await? {
            all.extend(page.body);
        }
        Ok(all)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error<E>>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.page = page.body.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing in it is ever pinned.
impl<T, E, H> Unpin for ItemStream<T, E, H> {}

impl<T, E, H> Stream for ItemStream<T, E, H>
where
    T: Json + Send + 'static,
    E: Send + 'static,
    H: From<HeaderMap>,
{
    type Item = Result<T, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.pages.has_failed {
            return Poll::Ready(None);
        }
        let item = ready!(self.poll_item(context));
        self.pages.has_failed = matches!(item, Some(Err(_)));
        Poll::Ready(item)
    }
}

impl<T, E, H> fmt::Debug for ItemStream<T, E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ItemStream").field(&self.pages).finish()
    }
}

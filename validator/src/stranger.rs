//! Objects that stand where an export is due and are none.

/// What an object is that has none of an export's keys.
pub(crate) struct Stranger {
    /// To follow "but".
    what: Option<&'static str>,
    pub(crate) help: &'static str,
}

/// Answers of gateways have less to be known by than those of the API itself.
const REFUSAL: &str = "what looks like an error answer of the API";

impl Stranger {
    /// Recognises an object by its keys; `has` tells which it has.
    pub(crate) fn new(has: impl Fn(&str) -> bool) -> Self {
        if has("trackingId") && (has("detailCode") || has("messages")) {
            Self {
                what: Some("an error answer of the API"),
                help: "make the export again; \"detailCode\" and \"messages\" say why it failed",
            }
        } else if has("error") {
            Self {
                what: Some(REFUSAL),
                help: "make the export again; \"error\" says why it failed",
            }
        } else if has("message") {
            Self {
                what: Some(REFUSAL),
                help: "make the export again; \"message\" says why it failed",
            }
        } else if has("jobId") {
            Self {
                what: Some("the status of an export job"),
                help: "download the job's result once its status is COMPLETE",
            }
        } else {
            Self {
                what: None,
                help: "check that this is the file you meant",
            }
        }
    }

    /// Whether it is known what it is.
    pub(crate) fn is_known(&self) -> bool {
        self.what.is_some()
    }

    /// The message about a document that is such an object.
    pub(crate) fn as_document(&self) -> String {
        match self.what {
            Some(what) => format!("this is no export but {what}"),
            None => "this object is no export: it has neither \"self\", \"object\" nor \"objects\""
                .into(),
        }
    }

    /// The message about an element that is such an object.
    pub(crate) fn as_element(&self) -> String {
        match self.what {
            Some(what) => format!("this is no exported object but {what}"),
            None => "this is no exported object: it has neither \"self\" nor \"object\"".into(),
        }
    }
}

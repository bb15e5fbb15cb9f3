//! The part of a command line that names a schema of a document.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Body, Message, Selection, Subject};
use crate::{Direction, Marked};

/// How a reference to a component begins.
const COMPONENTS: &str = "#/components/schemas/";

/// What payloads are checked against, if not against an edition of the API.
///
/// Either a schema is named or a body of an operation.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Payloads of other APIs")]
#[group(skip)]
pub struct Arguments {
    /// OpenAPI document whose schemas count: 3.0 or 3.1, JSON or YAML, one file or many
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub spec: Option<PathBuf>,
    /// Check files against this schema of the document's components: its name, or a reference to it
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["operation", "body", "status", "media_type"],
    )]
    pub schema: Option<String>,
    /// Check files against a body of this operation: its operationId, or method and path
    /// ("POST /pets")
    #[arg(long, value_name = "ID")]
    pub operation: Option<String>,
    /// Which body of the operation
    #[arg(long, value_enum)]
    pub body: Option<Direction>,
    /// Which response: 404, or the 4XX or default that stands for it [default: the only success]
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Which media type of the body [default: the JSON one]
    #[arg(long, value_name = "TYPE")]
    pub media_type: Option<String>,
    /// Refuse read-only properties in requests, write-only ones in responses; without it, a body
    /// does not need them, and may have them
    #[arg(long, value_enum)]
    pub direction: Option<Direction>,
    /// Where copies of remote files are: DIR/HOST/PATH for the URL of HOST and PATH
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub remote_cache: Option<PathBuf>,
}

impl Arguments {
    /// The selection that is asked for; none if nothing is.
    ///
    /// # Errors
    ///
    /// Which argument is missing, or which does not go with the others, for people.
    pub fn selection(&self) -> Result<Option<Selection>, String> {
        let Some(document) = &self.spec else {
            return match self.first_but_spec() {
                Some(option) => Err(format!("{option} needs --spec FILE")),
                None => Ok(None),
            };
        };
        // Names of files are joined with slashes.
        let document = document.to_string_lossy().replace('\\', "/");
        let mut selection = Selection::new(document, self.subject()?);
        if let Some(direction) = self.direction {
            selection.direction = Some(direction);
            selection.marked = Marked::Refused;
        }
        Ok(Some(selection))
    }

    fn subject(&self) -> Result<Subject, String> {
        if let Some(name) = &self.schema {
            // People copy references.
            let name = name.strip_prefix(COMPONENTS).unwrap_or(name);
            return Ok(Subject::Component(name.to_owned()));
        }
        let Some(operation) = &self.operation else {
            return Err(match self.of_operation() {
                Some(option) => format!("{option} needs --operation ID"),
                None => "--spec needs --schema NAME, or --operation ID with --body".to_owned(),
            });
        };
        let message = match (self.body, &self.status) {
            (Some(Direction::Request), None) => Message::Request,
            (Some(Direction::Request), Some(_)) => {
                return Err("--status goes with --body response only".to_owned());
            }
            (None, None) => {
                return Err("--operation needs --body request or --body response".to_owned());
            }
            (Some(Direction::Response) | None, status) => Message::Response(status.clone()),
        };
        Ok(Subject::Body(Body {
            operation: operation.clone(),
            message,
            media_type: self.media_type.clone(),
        }))
    }

    /// The first argument that only goes with an operation.
    fn of_operation(&self) -> Option<&'static str> {
        let body = self.body.map(|_| "--body");
        let status = self.status.as_ref().map(|_| "--status");
        let media_type = self.media_type.as_ref().map(|_| "--media-type");
        body.or(status).or(media_type)
    }

    /// The first argument that only goes with a document.
    fn first_but_spec(&self) -> Option<&'static str> {
        let schema = self.schema.as_ref().map(|_| "--schema");
        let operation = self.operation.as_ref().map(|_| "--operation");
        let direction = self.direction.map(|_| "--direction");
        let remote_cache = self.remote_cache.as_ref().map(|_| "--remote-cache");
        schema
            .or(operation)
            .or(self.of_operation())
            .or(direction)
            .or(remote_cache)
    }
}

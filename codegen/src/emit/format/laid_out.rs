//! The file's own documentation.
//!
//! Another line, with "quotes", a \ and an ü.

#![forbid(unsafe_code)]
#![allow(clippy::all, clippy::pedantic)]

use crate::rt;
use crate::types::{A, B};
use std::collections::BTreeMap;

mod types;
pub use types::*;

#[cfg(feature = "a")]
pub mod a;

#[cfg(feature = "a")]
pub use a::*;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// A field.
    pub name: Option<BTreeMap<String, Vec<rt::Value>>>,
    pub array: [u8; 4],
    pub text: &'static str,
}

pub struct Empty {}

pub struct Wrapper(pub Vec<Thing>);

impl Thing {
    /// Texts.
    pub const LISTED: &'static [&'static str] = &["one", "two"];

    pub fn is_nothing(&self) -> bool {
        match self {
            Self::A | Self::B => true,
            Self::C(body) => {
                request.json(&body, "application/json");
            }
            _ if response.is_media_type("a") || response.is_media_type("b") => !false,
            200..=299 => -1,
        }
    }

    pub fn new(
        name: impl Into<rt::Nullable<String>>,
        another_name: Box<Thing>,
        a_third: BTreeMap<String, Thing>,
    ) -> Self {
        for file in value {
            parts.file("file", file);
        }
        if let Some(value) = form.value {
            parts.value("value", &value);
        } else {
            return;
        }
        let value = Self { name: name.into(), ..Default::default() };
        let read = Self {
            name: fields.required("the name of the field on the wire"),
            another_name: fields.try_required("the name of another field on the wire")?,
        };
        fields.finish(read)
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        rt::FieldsWriter::new(out)
            .required("the name of the field on the wire", &self.name)
            .optional("the name of another field on the wire", &self.another_name)
            .rest(&self.extra);
    }

    pub fn send(self) -> rt::Sending<(), Error> {
        self.request.send(
            |response| match response.status() {
                200 | 201 => Ok(()),
                _ => response.undocumented(),
            },
            Error::from_response,
        )
    }
}

impl Wrapper {
    pub fn send_it_a_second_time(
        self,
    ) -> rt::Sending<
        rt::Nullable<Vec<ApplicationRoleConnectionsMetadata>>,
        BTreeMap<String, GetApplicationRoleConnectionsMetadataError>,
    > {
        match candidate {
            0 => rt::Json::read(value).map(Self::ChannelSelectComponent),
            1 => {
                rt::Json::read(value).map(Self::ChannelSelectComponentForMessageRequestsOfGuilds)
            }
        }
    }
}

impl From<Box<Thing>> for Wrapper {
    fn from(value: Box<Thing>) -> Self {
        rt::Json::read(value).map(|number: i64| Self::from(number))
    }
}

const SHAPES: &'static [rt::Shape] = &[
    rt::Shape { required: &["one", "two"], properties: &["one", "two"], ..rt::Shape::ANY },
    rt::Shape {
        properties: &["one property", "another property", "a third property", "and a fourth one"],
        constants: &[("name", &["\"value\""])],
        ..rt::Shape::ANY
    },
];

rt::impl_serde!(Thing, Wrapper);

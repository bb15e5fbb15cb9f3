//! What the generator writes for a small API, written by hand.

use oas_runtime as rt;

/// A pet, with one property of each kind of presence.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pet {
    pub(crate) id: rt::UuidText,
    pub(crate) name: rt::Nullable<String>,
    pub(crate) tag: Option<Tag>,
    pub(crate) weight: rt::OptionalNullable<rt::Number>,
    pub(crate) friends: Option<Vec<Pet>>,
    pub(crate) anything: Option<rt::Value>,
    pub(crate) extra: rt::Extra,
}

impl rt::Json for Pet {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        let mut fields = rt::Fields::new(value);
        let read = Self {
            id: fields.required("id"),
            name: fields.required("name"),
            tag: fields.optional("tag"),
            weight: fields.optional_nullable("weight"),
            friends: fields.optional("friends"),
            anything: fields.optional("anything"),
            extra: fields.rest(),
        };
        fields.finish(read)
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        rt::FieldsWriter::new(out)
            .required("id", &self.id)
            .required("name", &self.name)
            .optional("tag", &self.tag)
            .optional_nullable("weight", &self.weight)
            .optional("friends", &self.friends)
            .optional("anything", &self.anything)
            .rest(&self.extra);
    }
}

/// An open enum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tag {
    Cat,
    Dog,
    Unknown(String),
}

impl rt::Json for Tag {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        rt::read_string(value).map(Self::from)
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        out.text(match self {
            Self::Cat => "cat",
            Self::Dog => "dog",
            Self::Unknown(text) => text.as_str(),
        });
    }
}

impl From<String> for Tag {
    fn from(text: String) -> Self {
        match text.as_str() {
            "cat" => Self::Cat,
            "dog" => Self::Dog,
            _ => Self::Unknown(text),
        }
    }
}

/// A required property of each kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visit {
    pub(crate) day: i32,
    pub(crate) tag: Tag,
    pub(crate) counts: Counts,
    pub(crate) note: Option<String>,
    pub(crate) extra: rt::Extra,
}

impl rt::Json for Visit {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        let mut fields = rt::Fields::new(value);
        let read = Self {
            day: fields.required("day"),
            tag: fields.required_text("tag"),
            counts: fields.try_required("counts")?,
            note: fields.optional("note"),
            extra: fields.rest(),
        };
        fields.finish(read)
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        rt::FieldsWriter::new(out)
            .required("day", &self.day)
            .required("tag", &self.tag)
            .required("counts", &self.counts)
            .optional("note", &self.note)
            .rest(&self.extra);
    }
}

/// Unknown properties are refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strict {
    pub(crate) note: Option<String>,
}

impl rt::Json for Strict {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        let mut fields = rt::Fields::new(value);
        let read = Self {
            note: fields.optional("note"),
        };
        fields.deny_unknown();
        fields.finish(read)
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        rt::FieldsWriter::new(out)
            .optional("note", &self.note)
            .finish();
    }
}

/// Other properties are counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Counts {
    pub(crate) note: Option<String>,
    pub(crate) counts: std::collections::BTreeMap<String, i32>,
}

impl rt::Json for Counts {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        let mut fields = rt::Fields::new(value);
        let read = Self {
            note: fields.optional("note"),
            counts: fields.flatten_map(),
        };
        fields.finish(read)
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        rt::FieldsWriter::new(out)
            .optional("note", &self.note)
            .flatten_map(&self.counts);
    }
}

/// A union.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PetOrText {
    Pet(Box<Pet>),
    Text(String),
    Unknown(rt::Value),
}

impl PetOrText {
    const SHAPES: &'static [rt::Shape] = &[
        rt::Shape {
            types: &["object"],
            required: &["id", "name"],
            properties: &["id", "name", "tag", "weight", "friends", "anything"],
            ..rt::Shape::ANY
        },
        rt::Shape {
            types: &["string"],
            ..rt::Shape::ANY
        },
    ];
}

impl rt::Json for PetOrText {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        for candidate in rt::candidates(value, Self::SHAPES, None) {
            let read = match candidate {
                0 => rt::Json::read(value).map(Self::Pet),
                1 => rt::Json::read(value).map(Self::Text),
                _ => break,
            };
            if read.is_ok() {
                return read;
            }
        }
        Ok(Self::Unknown(value.to_value()))
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        match self {
            Self::Pet(pet) => pet.write(out),
            Self::Text(text) => text.write(out),
            Self::Unknown(value) => out.value(value),
        }
    }
}

rt::impl_serde!(Pet, Tag, Strict, Counts, PetOrText);

pub(crate) static DOCUMENT: rt::Document = rt::Document {
    servers: &[
        rt::Server {
            url: "https://{tenant}.example.com/{version}",
            description: "",
            variables: &[
                rt::ServerVariable {
                    name: "tenant",
                    default: "demo",
                    values: &[],
                },
                rt::ServerVariable {
                    name: "version",
                    default: "v1",
                    values: &["v1", "v2"],
                },
            ],
        },
        rt::Server {
            url: "/relative",
            description: "",
            variables: &[],
        },
    ],
    operation_variables: &["region"],
    security_schemes: &[
        rt::SecurityScheme {
            name: "token",
            kind: rt::SecuritySchemeKind::HttpBearer,
        },
        rt::SecurityScheme {
            name: "login",
            kind: rt::SecuritySchemeKind::HttpBasic,
        },
        rt::SecurityScheme {
            name: "oauth2",
            kind: rt::SecuritySchemeKind::OAuth2 { token_url: None },
        },
        rt::SecurityScheme {
            name: "openid",
            kind: rt::SecuritySchemeKind::OpenIdConnect,
        },
        rt::SecurityScheme {
            name: "header",
            kind: api_key(rt::ApiKeyLocation::Header, "X-Api-Key"),
        },
        rt::SecurityScheme {
            name: "query",
            kind: api_key(rt::ApiKeyLocation::Query, "api key"),
        },
        rt::SecurityScheme {
            name: "cookie",
            kind: api_key(rt::ApiKeyLocation::Cookie, "session"),
        },
        rt::SecurityScheme {
            name: "raw",
            kind: api_key(rt::ApiKeyLocation::Header, "authorization"),
        },
        rt::SecurityScheme {
            name: "mtls",
            kind: rt::SecuritySchemeKind::Other,
        },
    ],
    user_agent: "pets/1.0",
    rate_limit: None,
};

const fn api_key(location: rt::ApiKeyLocation, name: &'static str) -> rt::SecuritySchemeKind {
    rt::SecuritySchemeKind::ApiKey { location, name }
}

/// An operation without parameters, to be varied.
pub(crate) const PLAIN: rt::Operation = rt::Operation {
    id: "plain",
    method: rt::Method::Get,
    path: "/plain",
    security: &[],
    accept: "application/json",
    servers: &[],
    paging: None,
};

pub(crate) static GET_PET: rt::Operation = rt::Operation {
    id: "getPet",
    path: "/pets/{id}",
    ..PLAIN
};

pub(crate) static PUT_PET: rt::Operation = rt::Operation {
    id: "putPet",
    method: rt::Method::Put,
    ..GET_PET
};

pub(crate) static POST: rt::Operation = rt::Operation {
    id: "post",
    method: rt::Method::Post,
    path: "/post",
    ..PLAIN
};

/// The generated client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) inner: rt::Client,
}

impl From<rt::Client> for Client {
    fn from(inner: rt::Client) -> Self {
        Self { inner }
    }
}

impl Client {
    pub(crate) fn builder() -> rt::ClientBuilder<Self> {
        rt::ClientBuilder::new(&DOCUMENT)
    }

    /// A builder that needs no certificates on the machine, for `https` addresses that nobody calls.
    pub(crate) fn builder_without_certificates() -> rt::ClientBuilder<Self> {
        let http = rt::http_client_builder().tls_certs_only([]).build();
        Self::builder().http_client(http.expect("a good configuration"))
    }

    pub(crate) fn get_pet(&self, id: impl Into<rt::UuidText>) -> GetPet {
        let mut request = self.inner.request(&GET_PET);
        request.path("id", &id.into(), rt::Style::Simple { explode: false });
        GetPet { request }
    }
}

/// A request builder.
#[derive(Clone, Debug)]
pub(crate) struct GetPet {
    request: rt::Request,
}

impl AsMut<rt::Request> for GetPet {
    fn as_mut(&mut self) -> &mut rt::Request {
        &mut self.request
    }
}

impl GetPet {
    pub(crate) fn send(self) -> rt::Sending<PetOrNothing, GetPetError, GetPetHeaders> {
        self.request.send(
            |response| match response.status() {
                200 => response.json().map(PetOrNothing::Pet),
                204 => response.empty().map(|()| PetOrNothing::Nothing),
                302 => response.text().map(PetOrNothing::Elsewhere),
                _ => response.undocumented(),
            },
            GetPetError::from_response,
        )
    }
}

/// The successes of an operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PetOrNothing {
    Pet(Pet),
    Nothing,
    Elsewhere(String),
}

/// The errors of an operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GetPetError {
    NotFound(rt::Value),
    TooMany(Strict),
}

impl GetPetError {
    fn from_response(response: &rt::RawResponse) -> Result<Self, rt::BodyError> {
        match response.status() {
            404 => response.json().map(Self::NotFound),
            429 => response.json().map(Self::TooMany),
            _ => response.undocumented(),
        }
    }
}

/// The headers of an operation's successes.
#[derive(Clone, Debug)]
pub(crate) struct GetPetHeaders(pub(crate) rt::HeaderMap);

impl From<rt::HeaderMap> for GetPetHeaders {
    fn from(headers: rt::HeaderMap) -> Self {
        Self(headers)
    }
}

impl GetPetHeaders {
    pub(crate) fn x_total_count(&self) -> Option<i64> {
        rt::header::parse(&self.0, "X-Total-Count")
    }
}

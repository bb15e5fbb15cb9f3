//! How the client's own HTTP client reaches servers: proxy, certificates, connecting.

use std::time::Duration;

use reqwest::{Certificate, Proxy};

use super::super::{BuildError, Client, ClientBuilder};
use super::http_client_builder;

/// What the user wants of the HTTP client, where it is not one of the user's own.
#[derive(Clone, Default)]
pub(in super::super) struct Transport {
    proxy: ProxyChoice,
    /// PEM files, each of any number of certificates.
    root_certificates: Vec<Vec<u8>>,
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
}

/// Through which proxy requests go.
#[derive(Clone, Default)]
enum ProxyChoice {
    /// The one that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name.
    #[default]
    OfSystem,
    /// None, whatever the environment says.
    None,
    /// This one; the URL may hold a password.
    At(String),
}

impl<C: From<Client>> ClientBuilder<C> {
    /// The proxy for all requests, in place of what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
    /// `NO_PROXY` say: `http://host:port`, with `user:password@` before the host where it asks for
    /// them.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.transport.proxy = ProxyChoice::At(url.into());
        self
    }

    /// No proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.transport.proxy = ProxyChoice::None;
        self
    }

    /// Certificates to trust besides the platform's, for servers and proxies with one of a company's
    /// own: the bytes of a PEM file. May be called several times.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.transport.root_certificates.push(pem.into());
        self
    }

    /// Longest time to wait for a connection; without it 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.transport.connect_timeout = Some(timeout);
        self
    }

    /// Longest silence of a server: from sending a request, however long its body takes, to the head
    /// of the answer, and then between the pieces of its body. Without it 120 seconds, which may be
    /// too short for a large upload, or for a server that does all of its work before it answers.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.transport.read_timeout = Some(timeout);
        self
    }
}

impl Transport {
    /// Says so where something would have no effect beside an HTTP client of the user's own.
    pub(in super::super) fn refuse_beside_own(&self) -> Result<(), String> {
        let given = [
            ("proxy", matches!(self.proxy, ProxyChoice::At(_))),
            ("no_proxy", matches!(self.proxy, ProxyChoice::None)),
            ("root_certificate_pem", !self.root_certificates.is_empty()),
            ("connect_timeout", self.connect_timeout.is_some()),
            ("read_timeout", self.read_timeout.is_some()),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) => Err(format!(
                "`{name}` has no effect on an `http_client` of your own; configure that one with \
                 what `http_client_builder` gives"
            )),
            None => Ok(()),
        }
    }

    /// Builds the HTTP client that is used unless the user gives one.
    ///
    /// A machine without CA certificates can still talk to an `http://` server.
    pub(in super::super) fn http_client(
        &self,
        needs_tls: bool,
    ) -> Result<reqwest::Client, BuildError> {
        let proxy = self.proxy()?;
        let certificates = self.certificates()?;
        let configured = || {
            let mut builder = http_client_builder();
            if let Some(timeout) = self.connect_timeout {
                builder = builder.connect_timeout(timeout);
            }
            if let Some(timeout) = self.read_timeout {
                builder = builder.read_timeout(timeout);
            }
            builder = match (&proxy, &self.proxy) {
                (Some(proxy), _) => builder.proxy(proxy.clone()),
                (None, ProxyChoice::None) => builder.no_proxy(),
                (None, _) => builder,
            };
            builder
        };
        let merged = configured().tls_certs_merge(certificates.iter().cloned());
        merged
            .build()
            .or_else(|error| {
                if needs_tls && certificates.is_empty() {
                    Err(error)
                } else {
                    configured().tls_certs_only(certificates).build()
                }
            })
            .map_err(BuildError::from_reqwest)
    }

    fn proxy(&self) -> Result<Option<Proxy>, BuildError> {
        let ProxyChoice::At(url) = &self.proxy else {
            return Ok(None);
        };
        // The URL may hold a password, so it is not shown.
        let wrong = "proxy: this is no URL of a proxy; expected one like http://host:port";
        let is_usable = url::Url::parse(url.trim())
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_usable {
            return Err(BuildError::new(wrong));
        }
        match Proxy::all(url.trim()) {
            Ok(proxy) => Ok(Some(proxy)),
            Err(_) => Err(BuildError::new(wrong)),
        }
    }

    fn certificates(&self) -> Result<Vec<Certificate>, BuildError> {
        let mut all = Vec::new();
        for (index, pem) in self.root_certificates.iter().enumerate() {
            let wrong = |what: &str| {
                BuildError::new(format!(
                    "root_certificate_pem: {what} in file {} of {}; expected PEM, with a block \
                     that begins with -----BEGIN CERTIFICATE-----",
                    index + 1,
                    self.root_certificates.len()
                ))
            };
            let read = Certificate::from_pem_bundle(pem)
                .map_err(|_| wrong("there is a certificate that cannot be read"))?;
            if read.is_empty() {
                return Err(wrong("there is no certificate"));
            }
            all.extend(read);
        }
        Ok(all)
    }
}

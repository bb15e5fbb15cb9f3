//! How clients are set up and called: settings from outside, transport, calls without `async`, and
//! successes with errors inside.

mod blocking;
mod configuration;
mod partial;
mod settings;
mod transport;

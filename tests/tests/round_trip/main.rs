//! JSON → generated type → JSON: nothing is lost, whatever a server or an export file holds.

mod documented;
mod grafted;
mod kinds;
mod payloads;
mod presence;

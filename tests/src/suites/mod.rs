//! One suite per engine: the bodies of the acceptance tests that its specs name, on the stores of any harness.
//!
//! What lives here: calls of the public repository traits, and what they must answer. `scope` states what two engines
//! promise alike. What must not: SQL, and the name of a database.

mod access;
mod audit;
mod foundation;
mod link;
pub mod onboarding;
mod persona;
mod position;
mod scope;
mod voice;
pub mod wake;
mod write;

pub use access::AccessSuite;
pub use audit::AuditSuite;
pub use foundation::FoundationSuite;
pub use link::LinkSuite;
pub use onboarding::OnboardingSuite;
pub use persona::PersonaSuite;
pub use position::PositionSuite;
pub use voice::VoiceSuite;
pub use wake::WakeSuite;
pub use write::WriteSuite;

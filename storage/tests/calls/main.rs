//! What a call answers and leaves in the tables: order of refusals, retries, tenants, many callers at once, memory.

mod audit;
#[cfg(target_os = "linux")]
mod campaign;
#[path = "../common/mod.rs"]
mod common;
mod concurrency;
mod foundation;
mod idempotency;
mod pages;
mod positions;
mod reasons;
mod scope;
mod star_imports;

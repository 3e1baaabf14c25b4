//! Disks that fail: every operation on the files fails once and for ever, and nothing is lost, doubled or answered wrongly.
//!
//! `SELENE_PROOF=1` tries every operation instead of a sample.

#[cfg(target_os = "linux")]
#[path = "../common/mod.rs"]
mod common;
#[cfg(target_os = "linux")]
mod damaged_files;
#[cfg(target_os = "linux")]
mod layer;
#[cfg(target_os = "linux")]
mod power;
#[cfg(target_os = "linux")]
mod proof;
#[cfg(target_os = "linux")]
#[path = "../migrations/released/calls.rs"]
mod recorded;
#[cfg(target_os = "linux")]
mod scarce;
#[cfg(target_os = "linux")]
mod scenes;
#[cfg(target_os = "linux")]
mod sweep;

/// What a run elsewhere says of all this.
#[cfg(not(target_os = "linux"))]
#[test]
#[ignore = "faults are tried on Linux only: here nothing of it was tried"]
fn faults_are_tried_on_linux_only() {}

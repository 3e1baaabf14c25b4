//! The Rust of a draft as the workspace's `rustfmt` writes it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::scaffold::{Draft, NewFile};

/// Formats every new Rust file.
pub(super) fn format(root: &Path, draft: &mut Draft) -> Result<(), String> {
    let is_rust =
        |file: &&mut NewFile| Path::new(&file.path).extension().is_some_and(|extension| extension == "rs");
    for file in draft.files.iter_mut().filter(is_rust) {
        file.text = formatted(root, &file.text).map_err(|problem| format!("{}: {problem}", file.path))?;
    }
    Ok(())
}

fn formatted(root: &Path, text: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| {
        format!("rustfmt cannot be run: {}\nhelp: rustup component add rustfmt", error.kind())
    };
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // A file of a draft is smaller than a pipe takes at once, and rustfmt reads all of it before it writes.
    if let Some(mut input) = rustfmt.stdin.take() {
        input.write_all(text.as_bytes()).map_err(failed)?;
    }
    let output = rustfmt.wait_with_output().map_err(failed)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("rustfmt refuses it:\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}

//! How a line of a page looks that silences a rule. What it silences, and whether it does, is not known here.

/// How a silence begins in a page, and how it ends.
pub const IN_PAGE: (&str, &str) = ("<!-- lint:", "-->");

/// What a block of silences is called. It says nothing of an engine, so nobody has to read it as more.
pub const SILENCE: &str = "silence";

/// Whether every line of these words is a silence, and so no part of what the page says of its engine.
#[must_use]
pub fn is_silence(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with(IN_PAGE.0) && line.ends_with(IN_PAGE.1))
}

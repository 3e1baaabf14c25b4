//! Lines of the specs that silence a rule at the line below them: `<!-- lint: allow E0606 because … -->` in a page,
//! `# lint: allow W0648 because …` in the lexicon and the register.
//!
//! A silence covers a finding of its rule that has one of its places on the next line that says something. So where a page
//! must stay as it is, the silence stands at the other place, in its companion or in the lexicon. Where a line holds many names,
//! a name behind the rule covers only what is found of it: `allow W0649 COMPLETED because …`.

use super::list;
use super::subject::Subject;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, codes, guess_or};
use crate::read::silence::IN_PAGE;
use crate::source::{FileId, Sources, Span};

/// How it begins in a YAML file, to the end of the line.
const IN_YAML: &str = "# lint:";
const HELP: &str =
    "write `lint: allow E0606 because …`: a rule that `cargo xtask lint --explain` knows, and a reason";

/// A comment that silences a rule for one line.
struct Silence<'a> {
    rule: &'a str,
    /// What the message of a finding must name; empty for any.
    name: &'a str,
    /// The words that silence.
    span: Span,
    /// The line that it covers; empty at the end of a file.
    covered: std::ops::Range<usize>,
}

/// Hands on what is not silenced, and says of silences that they are malformed or silence nothing. `wanted` are the ids of
/// the rules that were run. What could not be read may hold what a silence is for, so that none is called useless then.
pub(super) fn apply(
    subject: &Subject<'_>,
    wanted: &[&str],
    found: &Diagnostics,
    diagnostics: &mut Diagnostics,
) {
    let mut silences = Vec::new();
    for file in subject.files() {
        silences.extend(read(file, subject.sources, diagnostics));
    }
    let mut is_used = vec![false; silences.len()];
    let mut covers = |diagnostic: &Diagnostic| {
        let mut is_silenced = false;
        for (silence, is_used) in silences.iter().zip(&mut is_used) {
            if silence.covers(diagnostic) {
                *is_used = true;
                is_silenced = true;
            }
        }
        is_silenced
    };
    let kept: Vec<&Diagnostic> = found.iter().filter(|one| !covers(one)).collect();
    for diagnostic in kept {
        diagnostics.push(diagnostic.clone());
    }
    for (silence, _) in silences
        .iter()
        .zip(&is_used)
        .filter(|(silence, is_used)| !**is_used && wanted.contains(&silence.rule) && subject.is_whole)
    {
        diagnostics.push(
            Diagnostic::new(
                codes::UNUSED_SILENCE,
                format!("`{}` finds nothing at the line below", silence.rule),
                silence.span,
                "silences nothing",
            )
            .help("take the line out, or put it right above the place that the finding names"),
        );
    }
}

impl Silence<'_> {
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.code.id == self.rule
            && (self.name.is_empty() || diagnostic.message.contains(&format!("`{}`", self.name)))
            && diagnostic.labels.iter().any(|label| match &label.place {
                Place::Span(span) => span.file == self.span.file && self.covered.contains(&span.start),
                Place::Outside { .. } => false,
            })
    }
}

/// The silences of one file.
fn read<'a>(file: FileId, sources: &'a Sources, diagnostics: &mut Diagnostics) -> Vec<Silence<'a>> {
    let text = &sources.get(file).text;
    let mut silences: Vec<Silence<'a>> = Vec::new();
    // Those that wait for the line that they cover.
    let mut open = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some((words, offset)) = silencing_words(line) else {
            if !line.trim().is_empty() {
                for silence in &mut silences[open..] {
                    silence.covered = at..start;
                }
                open = silences.len();
            }
            continue;
        };
        let span = Span::new(file, at + offset, at + offset + words.len());
        if let Some((rule, name)) = rule_of(words, span, diagnostics) {
            silences.push(Silence { rule, name, span, covered: 0..0 });
        }
    }
    silences
}

/// The words behind `lint:` of a line that silences, and where they start.
fn silencing_words(line: &str) -> Option<(&str, usize)> {
    let trimmed = line.trim();
    let in_page = || {
        let words = trimmed.strip_prefix(IN_PAGE.0)?;
        Some(words.strip_suffix(IN_PAGE.1).unwrap_or(words))
    };
    let words = trimmed.strip_prefix(IN_YAML).or_else(in_page)?;
    let words = words.trim();
    // Both are parts of the line, so that the difference of their places is the offset.
    Some((words, words.as_ptr() as usize - line.as_ptr() as usize))
}

/// The rule and the name of `allow RULE because REASON` and `allow RULE NAME because REASON`.
fn rule_of<'a>(words: &'a str, span: Span, diagnostics: &mut Diagnostics) -> Option<(&'a str, &'a str)> {
    let mut malformed = |message: String, help: String| {
        diagnostics.push(Diagnostic::new(codes::MALFORMED_SILENCE, message, span, "").help(help));
    };
    let Some((id, rest)) = words.strip_prefix("allow ").and_then(|rest| rest.trim_start().split_once(' '))
    else {
        malformed("this does not say which rule it silences, and why".to_owned(), HELP.to_owned());
        return None;
    };
    let Some(rule) = list::find(id) else {
        let known = list::all().map(|rule| rule.code.id);
        malformed(format!("there is no rule `{id}`"), guess_or(id, known, HELP));
        return None;
    };
    if !rule.can_be_silenced() {
        let help = "mend what it finds: no contract could be made without it";
        malformed(format!("`{id}` cannot be silenced"), help.to_owned());
        return None;
    }
    let (name, reason) = rest.split_once("because ").unwrap_or_default();
    if reason.trim().is_empty() {
        malformed(format!("`{id}` is silenced without a reason"), HELP.to_owned());
        return None;
    }
    Some((id, name.trim()))
}

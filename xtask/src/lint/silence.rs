//! Lines of the specs that silence a rule at the line below them: `<!-- lint: allow E0606 because … -->` in a page,
//! `# lint: allow W0648 because …` in the lexicon and the register.
//!
//! A silence covers a finding of its rule that has one of its places on the next line that says something. So where a page
//! must stay as it is, the silence stands at the other place, in its companion or in the lexicon. Where a line holds many names,
//! a name behind the rule covers only what is found of it: `allow W0649 COMPLETED because …`.

use super::list;
use super::subject::Subject;
use crate::diagnostics::{Diagnostic, Diagnostics, Place, codes, guess_or};
use crate::read::remark::{self, Remark, remarks};
use crate::source::{FileId, Sources, Span};

const HELP: &str =
    "write `lint: allow E0606 because …`: a rule that `cargo xtask lint --explain` knows, and a reason";

/// A comment that silences a rule for one line.
struct Silence<'a> {
    rule: &'a str,
    /// What the message of a finding must name; empty for any.
    name: &'a str,
    /// The line itself, and the one that it covers.
    remark: Remark<'a>,
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
                silence.remark.span,
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
                Place::Span(span) => self.remark.covers(*span),
                Place::Outside { .. } => false,
            })
    }
}

/// The silences of one file.
fn read<'a>(file: FileId, sources: &'a Sources, diagnostics: &mut Diagnostics) -> Vec<Silence<'a>> {
    let found = remarks(remark::SILENCE, file, &sources.get(file).text).into_iter();
    let silences = found.filter_map(|remark| {
        let (rule, name) = rule_of(remark.words, remark.span, diagnostics)?;
        Some(Silence { rule, name, remark })
    });
    silences.collect()
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

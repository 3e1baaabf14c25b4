//! Reason codes that pages name and the register does not have: the next free numbers, with class and meaning guessed.

use std::collections::BTreeMap;

use selene_codegen::contract::{Effect, ReasonClass, SpecKind};

use super::entry::{capital, quoted, words};
use super::insert::{Insertion, NoPlace, YamlFile};
use super::slips::is_slip;
use super::subject::{Adopted, Drafts, Subject};
use crate::diagnostics::codes;
use crate::parse::document::Document;
use crate::parse::section::without_mark;
use crate::read::guess::Guess;
use crate::read::signs;
use crate::source::Span;

/// A drafted code; its number follows from its place.
pub(super) struct CodeDraft {
    pub(super) name: String,
    pub(super) class: ReasonClass,
    meaning: String,
    source: String,
    from: String,
}

/// Codes by engine, in the order of the pages.
pub(super) type Codes<'a> = BTreeMap<&'a str, Vec<CodeDraft>>;

/// Every code that an engine's pages name and no engine registers. One that is another engine's, or a slip of a known one, is
/// left to a person.
pub(super) fn drafts<'a>(subject: &Subject<'a>) -> Codes<'a> {
    let mut found = Codes::new();
    for engine in &subject.engines {
        let own = || subject.register.engine(engine.id).into_iter().flat_map(|engine| &engine.codes);
        let mut drafts = Vec::new();
        for (name, span) in subject.unknown_of(codes::UNREGISTERED_CODE, engine.id) {
            let is_registered = subject.register.find(name).is_some();
            if !is_registered && !own().any(|known| is_slip(name, &known.name.value)) {
                drafts.push(draft(subject, engine, name, span));
            }
        }
        if !drafts.is_empty() {
            found.insert(engine.id, drafts);
        }
    }
    found
}

fn draft(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str, span: Span) -> CodeDraft {
    let (class, of_class) = class_of(subject, engine, name, span);
    let stated = meaning_in(subject, name, span);
    let of_meaning = if stated.is_some() { "the words before it" } else { "its name" };
    let half = engine.each_page().find(|page| page.file == span.file).and_then(|page| page.kind);
    let half = match half {
        Some(SpecKind::DbWiring) => "DB wiring",
        _ => "ECM",
    };
    let source =
        section_of(subject, span).map_or_else(|| half.to_owned(), |section| format!("{half}: {section}"));
    CodeDraft {
        name: name.to_owned(),
        class,
        meaning: stated.unwrap_or_else(|| meaning_of(engine, name)),
        source,
        from: format!("class from {of_class}, meaning from {of_meaning}"),
    }
}

/// How names of codes say their class, wherever they stand.
const BY_NAME: [(&str, ReasonClass); 6] = [
    ("IDEMPOTENCY_REPLAY", ReasonClass::Replay),
    ("IDEMPOTENCY_DUP", ReasonClass::Replay),
    ("REPLAY_NOOP", ReasonClass::Replay),
    ("SUPPRESS", ReasonClass::Suppression),
    ("READ_AUDITED", ReasonClass::Step),
    ("GUARD_AUDITED", ReasonClass::Step),
];

/// Words of a sentence that lead a list of codes of one class.
const BY_LIST: [(&str, ReasonClass); 4] = [
    ("outcome reason codes", ReasonClass::Outcome),
    ("gate reason codes", ReasonClass::Gate),
    ("suppression reason codes", ReasonClass::Suppression),
    ("reason codes of refusals", ReasonClass::Refusal),
];

fn class_of(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str, span: Span) -> (ReasonClass, String) {
    let of_writes =
        engine.contract.capabilities.iter().filter(|capability| capability.effect == Effect::Write);
    let is_it = |code: &Option<String>| code.as_deref() == Some(name);
    let mut given_by =
        of_writes.filter(|one| one.audit.as_ref().is_some_and(|audit| is_it(&audit.reason_code)));
    if let Some(capability) = given_by.next() {
        return (ReasonClass::Step, format!("the event of `{}`", capability.id));
    }
    let page = engine.each_page().find(|page| page.file == span.file);
    let rules = page.into_iter().flat_map(|page| &page.audit_rules);
    for rule in rules.filter(|rule| rule.span.start <= span.start && span.end <= rule.span.end) {
        let head = rule.value.to_ascii_lowercase();
        if let Some((words, class)) = BY_LIST.iter().find(|(words, _)| head.starts_with(words)) {
            return (*class, format!("the list of {words}"));
        }
    }
    if let Some((word, class)) = BY_NAME.iter().find(|(word, _)| name.contains(word)) {
        return (*class, format!("`{word}` in its name"));
    }
    let section = section_of(subject, span).unwrap_or_default();
    if name.split('_').any(|word| word == "OK") && !section.to_ascii_lowercase().starts_with("failure") {
        return (ReasonClass::Step, "`OK` in its name".to_owned());
    }
    let is_of_events = |page: &Document| {
        page.kind == Some(SpecKind::Ecm) && page.audit.codes.iter().any(|code| code.value == name)
    };
    if page.is_some_and(is_of_events) {
        return (ReasonClass::Outcome, format!("the section `{section}`, where no write carries it"));
    }
    (ReasonClass::Refusal, format!("the section `{section}`"))
}

/// The section that holds a place, as the register names it: without its number and without brackets.
fn section_of(subject: &Subject<'_>, span: Span) -> Option<String> {
    let before = subject.text(span.file).get(..span.start).unwrap_or_default();
    let marked = || before.lines().rev().find_map(|line| line.strip_prefix("## "));
    // Headings of other forms are known from what was read.
    let read = || {
        let pages = subject.engines.iter().flat_map(Adopted::each_page);
        let headings = pages.filter(|page| page.file == span.file).flat_map(|page| &page.headings);
        let before = headings.filter(|heading| heading.span.start < span.start);
        before.max_by_key(|heading| heading.span.start).map(|heading| heading.value.as_str())
    };
    let name = without_mark(marked().or_else(read)?).split(" (").next().unwrap_or_default().trim();
    Some(name.to_owned())
}

/// The words of its bullet, where it stands behind them: ``- value out of bounds: `X` ``.
fn meaning_in(subject: &Subject<'_>, name: &str, span: Span) -> Option<String> {
    let source = subject.sources.get(span.file);
    let line = &source.text[source.line_of(span.start)];
    let words = line.trim();
    let mark = words.chars().next().filter(|_| signs::starts_a_bullet(words)).map_or(0, char::len_utf8);
    let words = words[mark..].trim_start_matches(['-', '*', '+']).trim_start();
    let (before, behind) = words.split_once(": ")?;
    let has_words = before.contains(' ') && !before.contains('`') && behind.contains(name);
    let is_list = before.to_ascii_lowercase().replace('_', " ").contains("reason code");
    (has_words && !is_list).then(|| format!("{}.", capital(before.trim().trim_end_matches(['.', ':']))))
}

/// The words of its name, without those of the engine.
fn meaning_of(engine: &Adopted<'_>, name: &str) -> String {
    let of_engine = engine.id.replace('.', "_");
    let prefixes = [of_engine.as_str(), engine.short_name()];
    let bare =
        prefixes.into_iter().find_map(|prefix| name.strip_prefix(prefix)?.strip_prefix('_')).unwrap_or(name);
    format!("{}.", capital(&words(bare)))
}

/// Adds the register with all codes to the drafts.
pub(super) fn add(subject: &Subject<'_>, codes: &Codes<'_>, drafts: &mut Drafts) -> Result<(), NoPlace> {
    const ENGINES: &str = "engines";
    if codes.is_empty() {
        return Ok(());
    }
    let source = subject.sources.get(subject.register.file);
    let file = YamlFile::read(subject.register.file, source)?;
    let no_place = |key: &str, why| NoPlace { key: key.to_owned(), file: source.path.clone(), why };
    let engines = file.block(&[ENGINES])?.ok_or_else(|| no_place(ENGINES, "the key is missing"))?;
    let mut insertions = Vec::new();
    let mut next_block = subject.register.next_block();
    for (engine, codes) in codes {
        let full = || no_place(engine, "its block has no free number left");
        let Some(known) = subject.register.engine(engine) else {
            let block = next_block.ok_or_else(|| no_place(engine, "no block is free"))?;
            next_block = block.checked_add(1);
            let indent = engines.indent;
            let mut lines = vec![String::new(), format!("{:indent$}{engine}:", "")];
            lines.push(format!("{:indent$}  block: 0x{block:04X}", ""));
            lines.push(format!("{:indent$}  codes:", ""));
            lines.extend(numbered(codes, u32::from(block) << 16 | 1, indent + 4).ok_or_else(full)?);
            insertions.push(Insertion { at: engines.end, lines });
            continue;
        };
        let block =
            file.block(&[ENGINES, engine, "codes"])?.ok_or_else(|| no_place(engine, "it has no `codes`"))?;
        let first = known.next_number().ok_or_else(full)?;
        let lines = numbered(codes, first, block.indent).ok_or_else(full)?;
        insertions.push(Insertion { at: block.end, lines });
    }
    drafts.insert(source.relative.clone(), file.with(insertions)?);
    Ok(())
}

/// Codes as lines with numbers from the first one on. `None` where the block has not that many.
fn numbered(codes: &[CodeDraft], first: u32, indent: usize) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        let number =
            first.checked_add(u32::try_from(index).ok()?).filter(|number| number >> 16 == first >> 16)?;
        let (class, meaning, source) = (code.class.as_str(), quoted(&code.meaning), quoted(&code.source));
        let line = format!(
            "{:indent$}{}: {{ number: 0x{number:08X}, class: {class}, meaning: {meaning}, source: {source} }}",
            "", code.name
        );
        lines.push(Guess::in_yaml(&line, &code.from));
    }
    Some(lines)
}

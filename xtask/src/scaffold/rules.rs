//! The rule of each write: `storage/src/rules`.

use std::fmt::Write as _;

use selene_codegen::contract::{Capability, Effect};

use super::drafted::{Draft, NewFile};
use super::places::{INPUTS, RULES};
use super::registration::Registrations;
use super::rust_type::{Imports, RustType, ident};
use super::subject::{Subject, input_type, module_of};
use super::tree::Tree;
use super::write_shape::{Changed, Fact, WriteShape};

/// Drafts the rule of each write that has none.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let writes = subject.contract.served().filter(|capability| capability.effect == Effect::Write);
    let missing: Vec<&Capability> =
        writes.filter(|write| !tree.contains(RULES, &format!("for {}", input_type(write)))).collect();
    // A drafted rule asks nothing of an input beyond its bounds.
    for write in
        missing.iter().filter(|write| !tree.text(INPUTS).is_some_and(|text| text.contains(&write.id)))
    {
        registrations.entry(INPUTS, ("const BOUNDS_ONLY", "];"), &format!("    {:?},\n", write.id));
    }
    let module = subject.module();
    let about = format!("{}: {}", subject.contract.engine.id, subject.contract.engine.purpose);
    let files = missing.iter().map(|write| (module_of(write), rule(subject, write)));
    add_modules(tree, registrations, draft, (RULES, &module, &about, "pub(crate) "), files.collect());
}

/// Adds files to the module of an engine, which is made where it is not there yet: `visibility` is that of its modules.
pub(super) fn add_modules(
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
    (folder, module, about, visibility): (&str, &str, &str, &str),
    files: Vec<(String, String)>,
) {
    if files.is_empty() {
        return;
    }
    let place = [format!("{folder}/{module}/mod.rs"), format!("{folder}/{module}.rs")];
    let known = place.iter().find(|path| tree.text(path).is_some());
    let mut lines: Vec<String> = files.iter().map(|(name, _)| format!("{visibility}mod {name};")).collect();
    lines.sort();
    if let Some(path) = known {
        for line in &lines {
            registrations.module(path, line);
        }
    } else {
        let text = format!("//! {about}\n\n{}\n", lines.join("\n"));
        draft.files.push(NewFile { path: format!("{folder}/{module}/mod.rs"), text });
        registrations.module(&format!("{folder}/mod.rs"), &format!("{visibility}mod {module};"));
    }
    let files =
        files.into_iter().map(|(name, text)| NewFile { path: format!("{folder}/{module}/{name}.rs"), text });
    draft.files.extend(files);
}

/// The rule of one write.
fn rule(subject: &Subject<'_>, write: &Capability) -> String {
    let shape = WriteShape::of(subject, write);
    let input = RustType { module: subject.module(), name: input_type(write) };
    let mut imports = Imports::default();
    imports.ty(&input);
    imports.name("selene_contracts", "Admitted");
    imports.name("selene_contracts", "StorageError");
    imports.name("crate::rules", "Decision");
    imports.name("crate::rules", "WriteRule");
    let facts = facts(&shape, &mut imports);
    let body = if shape.is_known() {
        known(subject, write, &shape, &input, &mut imports)
    } else {
        unknown(subject, write, &input, !shape.facts.is_empty())
    };
    format!("//! `{}`: {}.\n\n{}{facts}{body}", write.id, sentence(&write.name), imports.lines())
}

/// The struct of what the decision needs.
fn facts(shape: &WriteShape<'_>, imports: &mut Imports) -> String {
    if shape.facts.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "/// The rows that the decision needs.\n#[derive(Debug, Clone)]\n\
         #[expect(dead_code, reason = \"the decision is not written yet\")]\npub struct Facts {\n",
    );
    for fact in &shape.facts {
        let name = fact.name();
        // Writing to a string cannot fail.
        let _ = match fact {
            Fact::Row { table, ty, .. } => {
                imports.ty(ty);
                writeln!(
                    text,
                    "    /// The row of `{table}` that the input names.\n    pub(crate) {name}: Option<{}>,",
                    ty.name
                )
            }
            Fact::Count { table, counter, key, .. } => writeln!(
                text,
                "    /// The highest `{counter}` of `{table}` under {}: how many rows there are.\n    pub(crate) {name}: u64,",
                list(key)
            ),
        };
    }
    text.push_str("}\n\n");
    text
}

/// A rule around one function that a person fills.
fn known(
    subject: &Subject<'_>,
    write: &Capability,
    shape: &WriteShape<'_>,
    input: &RustType,
    imports: &mut Imports,
) -> String {
    let Some(event) = &shape.event else { return String::new() };
    imports.name("crate::rules", "EventDraft");
    event.imports.iter().for_each(|ty| imports.ty(ty));
    for changed in &shape.changes {
        imports.ty(&changed.ty);
        imports.name("crate::change", changed.how());
    }
    let types = several(shape, |changed| format!("{}<{}>", changed.how(), changed.ty.name));
    let (facts, given) = if shape.facts.is_empty() { ("()", "()") } else { ("Facts", "facts: Facts") };
    let given = if given == "()" { "(): ()" } else { given };
    let mut text = format!(
        "/// The rows that the write leaves, in the order in which they are written.\npub type Change = {types};\n\n\
         impl WriteRule for {0} {{\n    type Facts = {facts};\n    type Change = Change;\n\n    \
         fn decide(call: &Admitted<Self>, {given}) -> Result<Decision<Self>, StorageError> {{\n",
        input.name
    );
    let asked = if shape.facts.is_empty() { "call" } else { "call, &facts" };
    let binding = if shape.output.is_some() { "change" } else { "(change, output)" };
    let _ = writeln!(text, "let {binding} = change({asked})?;");
    let mut rest = String::new();
    for (name, made) in &event.made {
        let _ = writeln!(rest, "let {name} = {made};");
    }
    let setters = event.setters.concat();
    let payload: Vec<String> =
        event.payload.iter().map(|(key, value)| format!("({key:?}, {value})")).collect();
    let payload =
        if payload.is_empty() { String::new() } else { format!(".payload([{}])", payload.join(", ")) };
    let _ = writeln!(rest, "let event = {}{setters}{payload};", event.start);
    match &shape.output {
        Some(output) if output == "()" => rest.push_str("Ok(Decision { change, event, output: () })\n"),
        Some(output) => {
            if output.starts_with("event::") {
                imports.name("crate::rules", "event");
            }
            let _ = writeln!(rest, "let output = {output};\nOk(Decision {{ change, event, output }})");
        }
        None => rest.push_str("Ok(Decision { change, event, output })\n"),
    }
    shape.output_type.iter().for_each(|ty| imports.ty(ty));
    if rest.contains("input.") {
        text.push_str("let input = call.input();\n");
    }
    text.push_str(&rows_of(shape, &rest));
    text.push_str(&rest);
    let parameters = if shape.facts.is_empty() { "" } else { ", _facts: &Facts" };
    let given = if shape.output.is_some() {
        "Change".to_owned()
    } else {
        imports.name("selene_contracts", "Capability");
        format!("(Change, <{} as Capability>::Output)", input.name)
    };
    let _ = write!(
        text,
        "    }}\n}}\n\n/// What the call makes of the rows, or why it is refused.\n\
         fn change(_call: &Admitted<{}>{parameters}) -> Result<{given}, StorageError> {{\n{}}}\n",
        input.name,
        to_write(subject, write, 4)
    );
    text
}

/// One of something for each row that is written: a tuple where there are several.
fn several(shape: &WriteShape<'_>, of: impl Fn(&Changed<'_>) -> String) -> String {
    match shape.changes.iter().map(of).collect::<Vec<_>>().as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(", ")),
    }
}

/// `let (Insert(notes), _) = &change;`: the rows that the rest of a function names.
fn rows_of(shape: &WriteShape<'_>, rest: &str) -> String {
    let is_named = |changed: &Changed<'_>| {
        let name = ident(changed.table);
        let is_start =
            |(at, _): &(usize, &str)| !rest[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        rest.match_indices(&format!("{name}.")).any(|found| is_start(&found))
    };
    if !shape.changes.iter().any(is_named) {
        return String::new();
    }
    let pattern = several(shape, |changed| {
        if is_named(changed) {
            format!("{}({})", changed.how(), ident(changed.table))
        } else {
            "_".to_owned()
        }
    });
    format!("let {pattern} = &change;\n")
}

/// A rule of which the contract does not say enough.
fn unknown(subject: &Subject<'_>, write: &Capability, input: &RustType, has_facts: bool) -> String {
    let (facts, given) = if has_facts { ("Facts", "_facts: Facts") } else { ("()", "(): ()") };
    format!(
        "impl WriteRule for {} {{\n    type Facts = {facts};\n    type Change = ();\n\n    \
         fn decide(_call: &Admitted<Self>, {given}) -> Result<Decision<Self>, StorageError> {{\n{}    }}\n}}\n",
        input.name,
        to_write(subject, write, 4)
    )
}

/// What the pages say of the decision, and the mark of a body that nobody has written, indented by so many blanks.
pub(super) fn to_write(subject: &Subject<'_>, write: &Capability, indent: usize) -> String {
    let notes = write.notes.iter().map(|note| format!("{}: {}", note.key, note.text));
    let rules = subject.contract.failure_rules.iter().cloned();
    let constraints = subject.contract.relations.constraints.iter().cloned();
    let sentences: Vec<String> = notes.chain(rules).chain(constraints).collect();
    let (mut text, before) = (String::new(), " ".repeat(indent));
    if !sentences.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{before}// The pages say:");
    }
    for sentence in sentences {
        text.push_str(&comment(&sentence, &before));
    }
    let _ = writeln!(text, "{before}selene_contracts::skeleton!({:?})", write.id);
    text
}

/// A sentence as an item of a comment, in lines of 110 characters.
fn comment(sentence: &str, before: &str) -> String {
    let start = before.len() + 4;
    let (mut text, mut length) = (format!("{before}// -"), start);
    for word in sentence.split_whitespace() {
        let letters = word.chars().count();
        if length + 1 + letters > 110 {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{before}//  ");
            length = start;
        }
        text.push(' ');
        text.push_str(word);
        length += 1 + letters;
    }
    text + "\n"
}

/// Words with a lower first letter and without a full stop.
pub(super) fn sentence(words: &str) -> String {
    let words = words.trim().trim_end_matches('.');
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// `` `a`, `b` ``
fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

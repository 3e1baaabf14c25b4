//! A file in which every mutant stands beside the code that it replaces.
//!
//! Text that belongs to a mutant is between `/*<7*/` and `/*7>*/`, so that an error of the compiler tells which mutant it is of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::listed::{self, Genre, Mutant};
use crate::places::{self, Bytes, Place, Places};

/// A mutant that cannot be switched on in a build, by its number and why.
pub type LeftOut = BTreeMap<usize, String>;

/// A place, and its mutants by number.
struct Node {
    whole: Bytes,
    place: Place,
    mutants: Vec<usize>,
}

/// The rewriting of one file.
struct Rewriting<'a> {
    text: &'a str,
    mutants: &'a [Mutant],
    /// Outer ones before inner ones.
    nodes: Vec<Node>,
}

/// Puts the mutants of a file into its text, apart from those that are left out; adds to them what no switch can reach.
///
/// # Errors
/// The text is not Rust, or has no such place.
pub fn rewrite(file: &str, text: &str, mutants: &[Mutant], left_out: &mut LeftOut) -> Result<String, String> {
    let places = places::find(text).map_err(|error| format!("{file}: {error}"))?;
    let mut nodes: BTreeMap<(usize, std::cmp::Reverse<usize>, u8), Node> = BTreeMap::new();
    for (number, mutant) in mutants.iter().enumerate().filter(|(_, mutant)| mutant.file == file) {
        if left_out.contains_key(&number) {
            continue;
        }
        let place = place_of(mutant, text, &places).ok_or_else(|| format!("no place for {}", mutant.name))?;
        if let Some(reason) = reason_against(&place) {
            left_out.insert(number, reason.to_owned());
            continue;
        }
        let (whole, rank) = extent(&place);
        let key = (whole.start, std::cmp::Reverse(whole.end), rank);
        let node = nodes.entry(key).or_insert_with(|| Node { whole, place, mutants: Vec::new() });
        node.mutants.push(number);
    }
    let rewriting = Rewriting { text, mutants, nodes: nodes.into_values().collect() };
    Ok(rewriting.show(0..text.len(), 0))
}

/// The byte of a place.
fn offset(text: &str, place: listed::Place) -> usize {
    let line: usize = text.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
    let characters = text[line..].chars().take(place.column - 1).map(char::len_utf8);
    line + characters.sum::<usize>()
}

fn place_of(mutant: &Mutant, text: &str, places: &Places) -> Option<Place> {
    let start = offset(text, mutant.span.start);
    let found = match mutant.genre {
        Genre::FnValue => places.bodies.get(&start),
        Genre::BinaryOperator | Genre::UnaryOperator => places.operators.get(&start),
        Genre::MatchArm => places.arms.get(&start),
        Genre::MatchArmGuard => places.guards.get(&start),
        Genre::StructField => places.fields.get(&start),
    };
    found.cloned()
}

fn reason_against(place: &Place) -> Option<&'static str> {
    match place {
        Place::Body { is_const: true, .. } => Some("a function that is constant has no switch"),
        Place::Body { is_opaque: true, .. } => Some("a function that gives `impl Trait` has no switch"),
        Place::Binary { has_let: true, .. } | Place::Guard { has_let: true, .. } => {
            Some("a chain with `let` has no switch")
        }
        _ => None,
    }
}

/// The bytes that a place covers, and which of two that cover the same is the outer one.
fn extent(place: &Place) -> (Bytes, u8) {
    match place {
        Place::Body { inside, .. } => (inside.clone(), 0),
        Place::Guard { whole, .. } => (whole.clone(), 1),
        Place::Struct { whole, .. } | Place::Binary { whole, .. } | Place::Unary { whole, .. } => {
            (whole.clone(), 2)
        }
    }
}

impl Rewriting<'_> {
    /// The text of some bytes with all nodes in it from a number on.
    fn show(&self, bytes: Bytes, from: usize) -> String {
        let mut shown = String::new();
        let mut next = bytes.start;
        for (number, node) in self.nodes.iter().enumerate().skip(from) {
            if node.whole.start >= next && node.whole.end <= bytes.end {
                shown.push_str(&self.text[next..node.whole.start]);
                shown.push_str(&self.node(number));
                next = node.whole.end;
            }
        }
        shown.push_str(&self.text[next..bytes.end]);
        shown
    }

    fn node(&self, number: usize) -> String {
        let node = &self.nodes[number];
        let inner = |bytes: &Bytes| self.show(bytes.clone(), number + 1);
        match &node.place {
            Place::Body { inside, .. } => {
                let mut shown = String::new();
                for mutant in &node.mutants {
                    let value = &self.mutants[*mutant].replacement;
                    let _ =
                        write!(shown, "/*<{mutant}*/ if {} {{ return {value}; }} /*{mutant}>*/", on(*mutant));
                }
                shown + &inner(inside)
            }
            Place::Binary { left, operator, right, .. } => {
                self.binary(node, &self.text[operator.clone()], &inner(left), &inner(right))
            }
            Place::Unary { whole, operand } => {
                let (mutant, operator) = (node.mutants[0], &self.text[whole.start..operand.start]);
                let operand = inner(operand);
                Self::choice(&[(mutant, operand.clone())], &format!("{operator}{operand}"))
            }
            Place::Guard { condition, .. } => self.guard(node, condition.as_ref().map(inner)),
            Place::Struct { whole, fields } => {
                let without = |mutant: &usize| {
                    let start = offset(self.text, self.mutants[*mutant].span.start);
                    let field = fields.iter().find(|field| field.start == start).cloned().unwrap_or_default();
                    let before = inner(&(whole.start..field.start));
                    (*mutant, format!("{before} {}", inner(&(field.end..whole.end))))
                };
                let others: Vec<_> = node.mutants.iter().map(without).collect();
                Self::choice(&others, &inner(whole))
            }
        }
    }

    /// One of several expressions, or else what stood there.
    fn choice(others: &[(usize, String)], otherwise: &str) -> String {
        let mut shown = "(".to_owned();
        for (mutant, other) in others {
            let _ = write!(shown, "/*<{mutant}*/ if {} {{ {other} }} else ", on(*mutant));
        }
        let _ = write!(shown, "{{ {otherwise} }}");
        for (mutant, _) in others.iter().rev() {
            let _ = write!(shown, " /*{mutant}>*/");
        }
        shown + ")"
    }

    /// `a || b` with operands that stand there once, so that long chains stay short; all else by a copy for each mutant.
    fn binary(&self, node: &Node, operator: &str, left: &str, right: &str) -> String {
        let replaced = |mutant: usize| self.mutants[mutant].replacement.as_str();
        if let ([mutant], "||" | "&&") = (&node.mutants[..], operator)
            && matches!(replaced(*mutant), "||" | "&&")
        {
            let compared = if operator == "||" { "==" } else { "!=" };
            return format!(
                "(/*<{mutant}*/ {{ let __left: bool = {left}; \
                 if __left {compared} {} {{ {right} }} else {{ __left }} }} /*{mutant}>*/)",
                on(*mutant)
            );
        }
        let other = |mutant: &usize| (*mutant, format!("{left} {} {right}", replaced(*mutant)));
        let others: Vec<_> = node.mutants.iter().map(other).collect();
        Self::choice(&others, &format!("{left} {operator} {right}"))
    }

    /// A guard that is not met while the arm is deleted.
    fn guard(&self, node: &Node, condition: Option<String>) -> String {
        let mut shown = condition.map_or("true".to_owned(), |condition| format!("({condition})"));
        for genre in [Genre::MatchArmGuard, Genre::MatchArm] {
            for mutant in node.mutants.iter().filter(|mutant| self.mutants[**mutant].genre == genre) {
                let switch = format!("/*<{mutant}*/ {} /*{mutant}>*/", on(*mutant));
                shown = match self.mutants[*mutant].replacement.as_str() {
                    "true" => format!("({switch} || {shown})"),
                    _ => format!("(!{switch} && {shown})"),
                };
            }
        }
        format!(" if {shown} ")
    }
}

fn on(mutant: usize) -> String {
    format!("crate::mutant::on({mutant})")
}

/// The mutants whose text is around a byte, the innermost last.
pub fn around(text: &str, byte: usize) -> Vec<usize> {
    let mut open = Vec::new();
    let mut rest = &text[..byte.min(text.len())];
    while let Some((_, after)) = rest.split_once("/*") {
        rest = after;
        let digits =
            |text: &str| text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
        if let Some(mark) = after.strip_prefix('<') {
            open.extend(mark[..digits(mark)].parse::<usize>().ok());
        } else if after[digits(after)..].starts_with(">*/") {
            let closed = after[..digits(after)].parse::<usize>().ok();
            open.retain(|number| Some(*number) != closed);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listed::Span;

    /// The text with a mutant of each genre and replacement at the first place of a word, without blanks and marks.
    fn rewritten(text: &str, wanted: &[(Genre, &str, &str)]) -> (String, LeftOut) {
        let mutants: Vec<Mutant> = wanted
            .iter()
            .map(|(genre, word, replacement)| {
                let start = listed::Place { line: 1, column: text.find(word).unwrap() + 1 };
                Mutant {
                    name: (*word).to_owned(),
                    file: "a.rs".to_owned(),
                    genre: *genre,
                    replacement: (*replacement).to_owned(),
                    span: Span { start },
                }
            })
            .collect();
        let mut left_out = LeftOut::new();
        let text = rewrite("a.rs", text, &mutants, &mut left_out).unwrap();
        syn::parse_file(&text).expect("Rust");
        let mut shown = text.replace("crate::mutant::", "").replace(char::is_whitespace, "");
        for number in 0..mutants.len() {
            shown = shown.replace(&format!("/*<{number}*/"), "").replace(&format!("/*{number}>*/"), "");
        }
        (shown, left_out)
    }

    #[test]
    fn a_body_may_give_its_value_at_once() {
        let (shown, _) =
            rewritten("fn f() -> u8 { a() }", &[(Genre::FnValue, "a()", "0"), (Genre::FnValue, "a()", "1")]);
        assert_eq!(shown, "fnf()->u8{ifon(0){return0;}ifon(1){return1;}a()}");
    }

    #[test]
    fn operands_of_a_chain_stand_there_once() {
        let wanted = [(Genre::BinaryOperator, "||", "&&"), (Genre::BinaryOperator, "&&", "||")];
        let (shown, _) = rewritten("fn f() -> bool { a || b && c }", &wanted);
        let inner = "({let__left:bool=b;if__left!=on(1){c}else{__left}})";
        assert_eq!(
            shown,
            format!("fnf()->bool{{({{let__left:bool=a;if__left==on(0){{{inner}}}else{{__left}}}})}}")
        );
    }

    #[test]
    fn a_comparison_is_made_once_and_a_negation_may_be_missing() {
        let wanted = [(Genre::UnaryOperator, "!", ""), (Genre::BinaryOperator, "==", "!=")];
        let (shown, _) = rewritten("fn f() -> bool { !(a == b) }", &wanted);
        let compared = "((ifon(1){a!=b}else{a==b}))";
        assert_eq!(shown, format!("fnf()->bool{{(ifon(0){{{compared}}}else{{!{compared}}})}}"));
    }

    #[test]
    fn an_arm_and_its_guard_have_switches() {
        let wanted = [
            (Genre::MatchArm, "1", ""),
            (Genre::MatchArm, "2", ""),
            (Genre::MatchArmGuard, "g()", "true"),
            (Genre::MatchArmGuard, "g()", "false"),
        ];
        let (shown, _) = rewritten("fn f() { match a { 1 => b, 2 if g() => c, _ => d } }", &wanted);
        assert!(shown.contains("1if(!on(0)&&true)=>b"), "{shown}");
        assert!(shown.contains("2if(!on(1)&&(!on(3)&&(on(2)||(g()))))=>c"), "{shown}");
    }

    #[test]
    fn a_field_may_come_from_the_rest() {
        let (shown, _) = rewritten("fn f() -> S { S { a: 1, b, ..c } }", &[(Genre::StructField, "a: 1", "")]);
        assert_eq!(shown, "fnf()->S{(ifon(0){S{b,..c}}else{S{a:1,b,..c}})}");
    }

    #[test]
    fn what_no_switch_can_reach_is_left_out_with_a_reason() {
        let constant = rewritten("const fn f() -> u8 { 2 }", &[(Genre::FnValue, "2", "0")]);
        assert_eq!(constant.0, "constfnf()->u8{2}");
        assert_eq!(constant.1[&0], "a function that is constant has no switch");
        let opaque = rewritten("fn f() -> impl A { 2 }", &[(Genre::FnValue, "2", "0")]);
        assert_eq!(opaque.1[&0], "a function that gives `impl Trait` has no switch");
        let chain = "fn f() { if let Some(a) = b && a {} }";
        assert_eq!(
            rewritten(chain, &[(Genre::BinaryOperator, "&&", "||")]).1[&0],
            "a chain with `let` has no switch"
        );
    }

    #[test]
    fn an_error_is_of_the_innermost_mutant_around_it() {
        let text = "/*<1*/ a /*<2*/ b /*2>*/ c /*1>*/ d /** e */";
        let of = |word| around(text, text.find(word).unwrap()).last().copied();
        assert_eq!(
            [of(" a "), of(" b "), of(" c "), of(" d "), of(" e ")],
            [Some(1), Some(2), Some(1), None, None]
        );
    }
}

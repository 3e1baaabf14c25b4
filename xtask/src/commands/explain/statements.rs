//! SQL statements as the sources of the store spell them.

use crate::coverage::rust::RustSources;

/// The statements of a file, each with its place.
pub fn statements(rust: &RustSources, file: &str) -> Vec<String> {
    let text = rust.store_files().find(|(path, _)| *path == file);
    text.map_or_else(Vec::new, |(file, text)| in_text(file, text).map(|(line, _)| line).collect())
}

/// The statements of all files that name a table.
pub fn statements_about(rust: &RustSources, table: &str) -> Vec<String> {
    statements_with(rust, |name| name.strip_prefix('@') == Some(table))
}

/// The statements of all files that name a column, whatever its table is called there.
pub fn statements_of_column(rust: &RustSources, column: &str) -> Vec<String> {
    statements_with(rust, |name| name.rsplit('.').next() == Some(column))
}

/// The statements that have a name in braces, as `{@devices device}` and `{device.user_id}`, that is wanted.
fn statements_with(rust: &RustSources, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let names = |statement: &str| {
        let mut names = statement.split('{').skip(1).filter_map(|rest| rest.split(['}', ' ']).next());
        names.any(&is_wanted)
    };
    let all = rust.store_files().flat_map(|(file, text)| in_text(file, text));
    all.filter(|(_, statement)| names(statement)).map(|(line, _)| line).collect()
}

/// The statements of a text: with file and line, and alone.
fn in_text<'t>(file: &'t str, text: &'t str) -> impl Iterator<Item = (String, String)> + 't {
    text.match_indices("sql!(").filter_map(move |(start, mark)| {
        let rest = text[start + mark.len()..].trim_start().strip_prefix('"')?;
        let (statement, _) = rest.split_once('"')?;
        let statement =
            statement.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
        let line = text[..start].matches('\n').count() + 1;
        Some((format!("{file}:{line}: {statement}"), statement))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_over_its_lines() {
        let text =
            "let a = sql!(\n    \"SELECT {a} FROM {@notes} \\\n     WHERE {a} = $1\"\n);\nsql!(\"DELETE\")";
        let found: Vec<String> = in_text("a.rs", text).map(|(line, _)| line).collect();
        assert_eq!(found, ["a.rs:1: SELECT {a} FROM {@notes} WHERE {a} = $1", "a.rs:5: DELETE"]);
    }
}

//! One statement for a whole list, and the two that give its pages.
//!
//! `SELECT {*Note} FROM {@notes} WHERE {user_id} = $1 ORDER BY {note_seq}` names its order once. From it follow the first page and
//! every later one, which begins behind the order key of a row that was given before: no row is counted, so pages stay what they are
//! while others write. What lives here: reading such a text, and the three texts. What must not: what a name in braces means, which is
//! [`statement`](crate::statement)'s.

/// The statements of a list, in the language of [`statement`](crate::statement).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The whole list: the text as it was given.
    pub whole: String,
    /// The first rows: the columns of the order stand behind those of the row. One more parameter, the number of rows.
    pub first: String,
    /// The rows behind a key of the order. More parameters: the values of the key, then the number of rows.
    pub after: String,
}

/// A text of which no pages can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// It does not begin with one row.
    #[error("a list begins with `SELECT {{*Type}} FROM`, and gives nothing beside that type")]
    NoRow,
    /// It does not end with an order of columns.
    #[error("a list ends with `ORDER BY {{column}}, …`: columns in braces, ascending, with nothing behind")]
    NoOrder,
    /// A condition that another one cannot stand behind.
    #[error("the conditions of a list are joined by AND: an OR stands in parentheses")]
    Or,
}

impl Listing {
    /// The statements of a list.
    ///
    /// # Errors
    /// The text has another form than [`ListingError`] says.
    pub fn of(text: &str) -> Result<Self, ListingError> {
        let columns = text.strip_prefix("SELECT {*").and_then(|rest| rest.find('}'));
        let columns = columns.map(|end| "SELECT {*".len() + end + 1).ok_or(ListingError::NoRow)?;
        let (row, rest) = text.split_at(columns);
        if !rest.trim_start().starts_with("FROM ") {
            return Err(ListingError::NoRow);
        }
        let (from, order) = rest.rsplit_once("ORDER BY ").ok_or(ListingError::NoOrder)?;
        let order: Vec<&str> = order.split(',').map(str::trim).collect();
        if order.iter().any(|column| !is_column(column)) || from.contains("ORDER BY ") {
            return Err(ListingError::NoOrder);
        }
        if outside_of_parentheses(from).contains(" OR ") {
            return Err(ListingError::Or);
        }
        let order: Vec<String> = order.into_iter().map(str::to_owned).collect();
        let (first, after) = pages(row, from.trim_end(), &order, parameters(text));
        Ok(Self { whole: text.to_owned(), first, after })
    }

    /// The statements of a list of parts: `SELECT a, b`, ` FROM t WHERE a = $1`, the columns of the order, and how many parameters
    /// there are.
    #[must_use]
    pub fn of_parts(row: &str, from: &str, order: &[String], given: usize) -> Self {
        let (first, after) = pages(row, from, order, given);
        Self { whole: format!("{row}{from} ORDER BY {}", order.join(", ")), first, after }
    }
}

/// The first rows of a list, and those behind a row.
fn pages(row: &str, from: &str, order: &[String], given: usize) -> (String, String) {
    let places = |from: usize, count: usize| {
        (from + 1..=from + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
    };
    let key = order.join(", ");
    let behind = match order {
        [only] => format!("{only} > {}", places(given, 1)),
        several => format!("({key}) > ({})", places(given, several.len())),
    };
    let joined = if from.contains("WHERE ") { "AND" } else { "WHERE" };
    let page = |condition: &str, given: usize| {
        format!("{row}, {key}{from}{condition} ORDER BY {key} LIMIT {}", places(given, 1))
    };
    (page("", given), page(&format!(" {joined} {behind}"), given + order.len()))
}

/// `{column}` or `{alias.column}`.
fn is_column(text: &str) -> bool {
    text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c))
    })
}

/// The highest number of a parameter.
fn parameters(text: &str) -> usize {
    let numbers = text.split('$').skip(1).filter_map(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
        digits.parse().ok()
    });
    numbers.max().unwrap_or(0)
}

/// The text without what stands in parentheses.
fn outside_of_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_behind_a_key() {
        let text = "SELECT {*Note} FROM {@notes} WHERE {user_id} = $1 ORDER BY {note_seq}";
        let listing = Listing::of(text).unwrap();
        assert_eq!(listing.whole, text);
        assert_eq!(
            listing.first,
            "SELECT {*Note}, {note_seq} FROM {@notes} WHERE {user_id} = $1 ORDER BY {note_seq} LIMIT $2"
        );
        assert_eq!(
            listing.after,
            "SELECT {*Note}, {note_seq} FROM {@notes} WHERE {user_id} = $1 AND {note_seq} > $2 ORDER BY {note_seq} LIMIT $3"
        );
    }

    #[test]
    fn a_key_of_several_columns_is_compared_as_one() {
        let listing =
            Listing::of("SELECT {*Note} FROM {@notes}\n    ORDER BY {user_id}, {note_seq}").unwrap();
        assert_eq!(
            listing.after,
            "SELECT {*Note}, {user_id}, {note_seq} FROM {@notes} WHERE ({user_id}, {note_seq}) > ($1, $2) \
             ORDER BY {user_id}, {note_seq} LIMIT $3"
        );
    }

    #[test]
    fn texts_of_which_no_pages_can_be_made_are_named() {
        let error = |text: &str| Listing::of(text).unwrap_err();
        assert_eq!(error("SELECT {a} FROM {@t} ORDER BY {a}"), ListingError::NoRow);
        assert_eq!(error("SELECT {*T}, {a} FROM {@t} ORDER BY {a}"), ListingError::NoRow);
        assert_eq!(error("SELECT {*T} FROM {@t}"), ListingError::NoOrder);
        assert_eq!(error("SELECT {*T} FROM {@t} ORDER BY a"), ListingError::NoOrder);
        assert_eq!(error("SELECT {*T} FROM {@t} ORDER BY {a} DESC"), ListingError::NoOrder);
        assert_eq!(error("SELECT {*T} FROM {@t} ORDER BY {a} LIMIT $1"), ListingError::NoOrder);
        assert_eq!(error("SELECT {*T} FROM {@t} WHERE {a} = $1 OR {b} = $2 ORDER BY {a}"), ListingError::Or);
        assert!(Listing::of("SELECT {*T} FROM {@t} WHERE ({a} = $1 OR {b} = $2) ORDER BY {a}").is_ok());
    }
}

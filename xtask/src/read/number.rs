//! Numbers of the lexicon and the register, read as YAML 1.2 says: `17`, `+17`, `0o17`, `0x0F`.
//!
//! A form that YAML 1.1 and 1.2 read differently is refused, whichever of the two its author had in mind.

/// Why a text is no whole number, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongNumber {
    /// Ends a sentence that begins with the text.
    pub problem: &'static str,
    /// The spelling that is read.
    pub help: String,
}

/// A whole number from 0 to the largest `u128`.
///
/// # Errors
/// The text is another number, or one that readers of YAML disagree about.
pub fn whole_number(text: &str) -> Result<u128, WrongNumber> {
    let wrong = |problem, help: String| Err(WrongNumber { problem, help });
    let decimal_digits = text.strip_prefix('+').unwrap_or(text);
    let prefixed = [("0x", 16), ("0o", 8)]
        .into_iter()
        .find_map(|(prefix, base)| text.strip_prefix(prefix).map(|digits| (digits, base)));
    let (digits, base) = prefixed.unwrap_or((decimal_digits, 10));
    let are_digits = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
    if are_digits && base == 10 && digits.len() > 1 && digits.starts_with('0') {
        let stripped = digits.trim_start_matches('0');
        let decimal = if stripped.is_empty() { "0" } else { stripped };
        let is_octal = !stripped.is_empty() && stripped.chars().all(|c| c.is_digit(8));
        let octal =
            if is_octal { format!(", or `0o{stripped}` for the octal number") } else { String::new() };
        let help = format!("write `{decimal}` for the decimal number{octal}");
        return wrong("begins with a zero, which YAML 1.1 reads as octal and YAML 1.2 as decimal", help);
    }
    if are_digits {
        return u128::from_str_radix(digits, base)
            .or_else(|_| wrong("is larger than any integer", format!("write a number up to {}", u128::MAX)));
    }
    let without = text.replace('_', "");
    if without != text
        && let Ok(_) = whole_number(&without)
    {
        return wrong("holds `_`, which YAML 1.2 does not read in a number", format!("write `{without}`"));
    }
    let lower = text.to_ascii_lowercase();
    if lower != text && lower.starts_with("0x") | lower.starts_with("0o") && whole_number(&lower).is_ok() {
        let help = format!("write `{}{}`", &lower[..2], &text[2..]);
        return wrong("has a prefix in upper case, which YAML 1.2 does not read", help);
    }
    if let Some(Ok(value)) = lower.strip_prefix("0b").map(|bits| u128::from_str_radix(bits, 2)) {
        return wrong("is binary, which YAML 1.2 does not read", format!("write `{value}`"));
    }
    wrong("is not a whole number from 0", "write digits, as `17`, `0x11` or `0o21`".to_owned())
}

/// A finite number with or without a fraction: `0.5`, `1e-3`, `3`.
///
/// # Errors
/// The text is no number, or one that readers of YAML disagree about.
pub fn real_number(text: &str) -> Result<f64, WrongNumber> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_decimal = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    if is_decimal && !(whole.len() > 1 && whole.starts_with('0')) {
        if let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) {
            return Ok(value);
        }
    } else if is_decimal && whole.len() < unsigned.len() {
        let bare = whole.trim_start_matches('0');
        let whole_again = if bare.is_empty() { "0" } else { bare };
        let help = format!("write `{}`", text.replacen(whole, whole_again, 1));
        return Err(WrongNumber { problem: "begins with a zero too many", help });
    } else if let Ok(value) = whole_number(unsigned)?.to_string().parse::<f64>() {
        return Ok(if text.starts_with('-') { -value } else { value });
    }
    Err(WrongNumber { problem: "is not a number", help: "write a number, as `0.5` or `1`".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_yaml_1_2_says() {
        let read = [
            ("0", 0),
            ("17", 17),
            ("+17", 17),
            ("0o17", 15),
            ("0x1F", 31),
            ("0x1f", 31),
            ("0x0001", 1),
            ("340282366920938463463374607431768211455", u128::MAX),
            ("0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", u128::MAX),
        ];
        for (text, value) in read {
            assert_eq!(whole_number(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_readers_disagree_about_is_refused_with_what_to_write() {
        let refused = [
            ("017", "write `17` for the decimal number, or `0o17` for the octal number"),
            ("018", "write `18` for the decimal number"),
            ("00", "write `0` for the decimal number"),
            ("1_000", "write `1000`"),
            ("0x0001_0000", "write `0x00010000`"),
            ("0X1F", "write `0x1F`"),
            ("0O17", "write `0o17`"),
            ("0b11", "write `3`"),
            (
                "340282366920938463463374607431768211456",
                "write a number up to 340282366920938463463374607431768211455",
            ),
            ("-1", "write digits, as `17`, `0x11` or `0o21`"),
            ("1e3", "write digits, as `17`, `0x11` or `0o21`"),
            ("12:30", "write digits, as `17`, `0x11` or `0o21`"),
            ("", "write digits, as `17`, `0x11` or `0o21`"),
            ("0x", "write digits, as `17`, `0x11` or `0o21`"),
            ("+0x1", "write digits, as `17`, `0x11` or `0o21`"),
            ("１", "write digits, as `17`, `0x11` or `0o21`"),
        ];
        for (text, help) in refused {
            assert_eq!(whole_number(text).map_err(|wrong| wrong.help), Err(help.to_owned()), "{text}");
        }
    }

    #[test]
    fn numbers_with_a_fraction_are_read_or_refused() {
        for (text, value) in
            [("0.5", 0.5), ("-1", -1.0), ("1e3", 1000.0), (".5", 0.5), ("0x10", 16.0), ("+2", 2.0)]
        {
            let read = real_number(text).unwrap();
            assert!((read - value).abs() < f64::EPSILON, "{text}: {read}");
        }
        for text in [".inf", ".nan", "inf", "NaN", "017", "00.5", "1_0.5", "", "1e999", "12:30", "a"] {
            assert!(real_number(text).is_err(), "{text}");
        }
    }
}

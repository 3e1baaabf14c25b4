//! Reading the values of enums.

/// A text that is no value of an enum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {type_name}")]
pub struct UnknownValue {
    /// The enum: `DeviceType`.
    pub type_name: &'static str,
    /// The text that is no value of it.
    pub text: String,
}

impl UnknownValue {
    /// The value of `all` that is spelled like `text`. Expanded enums implement `FromStr` with it.
    ///
    /// # Errors
    /// No value is spelled so.
    pub fn find<T: Copy>(
        type_name: &'static str,
        all: &[T],
        spelling: impl Fn(T) -> &'static str,
        text: &str,
    ) -> Result<T, Self> {
        all.iter()
            .copied()
            .find(|value| spelling(*value) == text)
            .ok_or_else(|| Self { type_name, text: text.to_owned() })
    }
}

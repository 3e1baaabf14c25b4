//! Finds reason codes in any value that serializes: the texts of fields and of payload entries whose names end in
//! `reason_code`. Nothing is copied. What must not live here: which codes there are.

use std::fmt::{self, Error};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Shows every reason code in a value.
pub fn each(value: &impl Serialize, found: &mut dyn FnMut(&str)) {
    // The finder refuses nothing, and no value of a contract fails to serialize.
    let _ = value.serialize(&mut Finder { is_code: false, is_key: false, found });
}

struct Finder<'a> {
    /// Whether the value at hand is a reason code.
    is_code: bool,
    /// Whether it is the key of a map.
    is_key: bool,
    found: &'a mut dyn FnMut(&str),
}

impl Finder<'_> {
    fn names_a_code(name: &str) -> bool {
        name.ends_with("reason_code")
    }

    /// Looks at the value of a field.
    fn field(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        let is_code = Self::names_a_code(name);
        value.serialize(&mut Finder { is_code, is_key: false, found: self.found })
    }

    /// Looks at a part of a value that has no name of its own.
    fn part(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        value.serialize(&mut Finder { is_code: self.is_code, is_key: false, found: self.found })
    }
}

macro_rules! passed_over {
    ($($method:ident($($ty:ty),*);)*) => {
        $(fn $method(self $(, _: $ty)*) -> Result<(), Error> {
            Ok(())
        })*
    };
}

impl<'f, 'a> Serializer for &'f mut Finder<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = &'f mut Finder<'a>;
    type SerializeTuple = &'f mut Finder<'a>;
    type SerializeTupleStruct = &'f mut Finder<'a>;
    type SerializeTupleVariant = &'f mut Finder<'a>;
    type SerializeMap = &'f mut Finder<'a>;
    type SerializeStruct = &'f mut Finder<'a>;
    type SerializeStructVariant = &'f mut Finder<'a>;

    passed_over! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if self.is_key {
            self.is_code = Finder::names_a_code(text);
        } else if self.is_code {
            (self.found)(text);
        }
        Ok(())
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, text: &T) -> Result<(), Error> {
        if self.is_key || self.is_code { self.serialize_str(&text.to_string()) } else { Ok(()) }
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Error> {
        Ok(self)
    }
}

macro_rules! parts {
    ($($part:ident::$method:ident;)*) => {
        $(impl $part for &mut Finder<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.part(value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })*
    };
}

parts! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

macro_rules! fields {
    ($($part:ident;)*) => {
        $(impl $part for &mut Finder<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })*
    };
}

fields! {
    SerializeStruct;
    SerializeStructVariant;
}

impl SerializeMap for &mut Finder<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let mut finder = Finder { is_code: false, is_key: true, found: self.found };
        key.serialize(&mut finder)?;
        self.is_code = finder.is_code;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.part(value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::each;

    #[derive(Serialize)]
    enum Code {
        #[serde(rename = "ONE")]
        One,
    }

    #[derive(Serialize)]
    struct Row {
        reason_code: Code,
        gate_reason_code: Option<&'static str>,
        step_reason_code: Option<&'static str>,
        other: &'static str,
        payload: BTreeMap<&'static str, &'static str>,
    }

    #[test]
    fn a_code_is_found_by_the_name_of_its_field_or_entry() {
        let row = |two| Row {
            reason_code: Code::One,
            gate_reason_code: Some(two),
            step_reason_code: None,
            other: "THREE",
            payload: BTreeMap::from([("a", "FOUR"), ("b_reason_code", "FIVE"), ("c", "SIX")]),
        };
        let mut found = Vec::new();
        each(&Some(vec![row("TWO"), row("2")]), &mut |code| found.push(code.to_owned()));
        assert_eq!(found, ["ONE", "TWO", "FIVE", "ONE", "2", "FIVE"]);
    }
}

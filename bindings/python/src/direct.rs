//! Makes dataclasses of the library's own outcomes, without a document in between: for lists, of
//! which a program may ask often.

use std::fmt::Display;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyList, PyString};
use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};

use crate::decoder::{Decoder, Object};

/// Makes a value of an outcome that has structs, lists, strings, numbers and names of variants.
pub(crate) fn make<'py, T: Serialize>(
    py: Python<'py>,
    decoder: &Decoder,
    outcome: &T,
) -> PyResult<Bound<'py, PyAny>> {
    outcome
        .serialize(Direct { py, decoder })
        .map_err(|error| error.0)
}

/// An exception, as serde wants errors.
#[derive(Debug)]
pub(crate) struct Raised(PyErr);

impl std::error::Error for Raised {}

impl Display for Raised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::ser::Error for Raised {
    fn custom<T: Display>(message: T) -> Self {
        Raised(PyTypeError::new_err(message.to_string()))
    }
}

impl From<PyErr> for Raised {
    fn from(error: PyErr) -> Self {
        Raised(error)
    }
}

#[derive(Clone, Copy)]
struct Direct<'d, 'py> {
    py: Python<'py>,
    decoder: &'d Decoder,
}

type Made<'py> = Result<Bound<'py, PyAny>, Raised>;

/// What a list of the library's never holds.
fn unexpected<T>(what: &str) -> Result<T, Raised> {
    Err(serde::ser::Error::custom(format!("{what} is not expected")))
}

macro_rules! integers {
    ($($method:ident: $type:ty),+) => {
        $(fn $method(self, value: $type) -> Made<'py> {
            Ok(PyInt::new(self.py, value).into_any())
        })+
    };
}

impl<'d, 'py> Serializer for Direct<'d, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Raised;
    type SerializeSeq = Items<'d, 'py>;
    type SerializeStruct = Fields<'d, 'py>;
    type SerializeTuple = Impossible<Self::Ok, Raised>;
    type SerializeTupleStruct = Impossible<Self::Ok, Raised>;
    type SerializeTupleVariant = Impossible<Self::Ok, Raised>;
    type SerializeMap = Impossible<Self::Ok, Raised>;
    type SerializeStructVariant = Impossible<Self::Ok, Raised>;

    integers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Made<'py> {
        Ok(PyBool::new(self.py, value).to_owned().into_any())
    }

    fn serialize_str(self, value: &str) -> Made<'py> {
        Ok(self.decoder.text(self.py, value)?)
    }

    fn serialize_none(self) -> Made<'py> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn serialize_unit(self) -> Made<'py> {
        self.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made<'py> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Made<'py> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Made<'py> {
        self.serialize_str(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'d, 'py>, Raised> {
        Ok(Items {
            of: self,
            made: Vec::new(),
        })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'d, 'py>, Raised> {
        Ok(Fields(Object::new(self.py, self.decoder)?))
    }

    fn serialize_f32(self, _: f32) -> Made<'py> {
        unexpected("a float")
    }

    fn serialize_f64(self, _: f64) -> Made<'py> {
        unexpected("a float")
    }

    fn serialize_char(self, value: char) -> Made<'py> {
        Ok(PyString::new(self.py, value.encode_utf8(&mut [0; 4])).into_any())
    }

    fn serialize_bytes(self, _: &[u8]) -> Made<'py> {
        unexpected("bytes")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Made<'py> {
        self.serialize_none()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Made<'py> {
        unexpected("a variant with a value")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Raised> {
        unexpected("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Raised> {
        unexpected("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Raised> {
        unexpected("a variant with values")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Raised> {
        unexpected("a map")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Raised> {
        unexpected("a variant with fields")
    }
}

struct Items<'d, 'py> {
    of: Direct<'d, 'py>,
    made: Vec<Bound<'py, PyAny>>,
}

impl<'py> SerializeSeq for Items<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Raised;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Raised> {
        let decoder = self.of.decoder.item()?;
        self.made.push(value.serialize(Direct {
            py: self.of.py,
            decoder,
        })?);
        Ok(())
    }

    fn end(self) -> Made<'py> {
        Ok(PyList::new(self.of.py, self.made)?.into_any())
    }
}

struct Fields<'d, 'py>(Object<'d, 'py>);

impl<'py> SerializeStruct for Fields<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Raised;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Raised> {
        let py = self.0.py();
        if let Some((place, decoder)) = self.0.field(key) {
            let value = value.serialize(Direct { py, decoder })?;
            self.0.fill(place, &value)?;
        }
        Ok(())
    }

    fn end(self) -> Made<'py> {
        Ok(self.0.finish()?)
    }
}

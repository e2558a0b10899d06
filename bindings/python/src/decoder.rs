//! Makes dataclasses of documents: what the Python half would do with `json.loads` and their
//! constructors, in a fraction of the time. A list of plugins may have a thousand of them.

use std::collections::HashMap;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};
use serde_json::{Number, Value};

/// How a document becomes a value of a type.
#[pyclass(frozen, module = "atk._native")]
pub(crate) struct Decoder(Plan);

enum Plan {
    /// As JSON has it.
    Plain,
    /// Through a callable, unless it is null.
    Made(Py<PyAny>),
    /// One of these, by its value.
    Enum(HashMap<String, Py<PyAny>>),
    Tuple(Py<Decoder>),
    List(Py<Decoder>),
    Dataclass(Py<PyType>, Vec<Field>),
    /// One of these, by the text in a field.
    Tagged(String, HashMap<String, Py<Decoder>>),
}

struct Field {
    name: Py<PyString>,
    key: String,
    decoder: Py<Decoder>,
    /// Makes the value of an absent field.
    absent: Option<Py<PyAny>>,
}

#[pymethods]
impl Decoder {
    /// Takes a value as JSON has it.
    #[staticmethod]
    fn plain() -> Self {
        Decoder(Plan::Plain)
    }

    /// Makes a value by a callable, unless it is null.
    #[staticmethod]
    fn made(make: Py<PyAny>) -> Self {
        Decoder(Plan::Made(make))
    }

    /// Takes the member of a value.
    #[staticmethod]
    fn member(members: HashMap<String, Py<PyAny>>) -> Self {
        Decoder(Plan::Enum(members))
    }

    /// Makes a tuple.
    #[staticmethod]
    fn tuple(of: Py<Decoder>) -> Self {
        Decoder(Plan::Tuple(of))
    }

    /// Makes a list.
    #[staticmethod]
    fn list(of: Py<Decoder>) -> Self {
        Decoder(Plan::List(of))
    }

    /// Makes a frozen dataclass with slots. A field is its name, its decoder, and what makes its
    /// value where it is absent.
    #[staticmethod]
    fn dataclass(
        py: Python<'_>,
        made: Py<PyType>,
        fields: Vec<(String, Py<Decoder>, Option<Py<PyAny>>)>,
    ) -> Self {
        let field = |(key, decoder, absent): (String, Py<Decoder>, Option<Py<PyAny>>)| Field {
            name: PyString::intern(py, &key).unbind(),
            key,
            decoder,
            absent,
        };
        Decoder(Plan::Dataclass(
            made,
            fields.into_iter().map(field).collect(),
        ))
    }

    /// Makes a value by the decoder that the text in the field `tag` names.
    #[staticmethod]
    fn tagged(tag: String, cases: HashMap<String, Py<Decoder>>) -> Self {
        Decoder(Plan::Tagged(tag, cases))
    }

    /// Makes a value of JSON.
    fn decode(&self, py: Python<'_>, text: &str) -> PyResult<Py<PyAny>> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| PyTypeError::new_err(error.to_string()))?;
        Ok(self.value(py, &document)?.unbind())
    }
}

impl Decoder {
    /// Makes a value of a document.
    pub(crate) fn value<'py>(
        &self,
        py: Python<'py>,
        document: &Value,
    ) -> PyResult<Bound<'py, PyAny>> {
        match (&self.0, document) {
            (_, Value::Null) => Ok(py.None().into_bound(py)),
            (Plan::Plain, document) => plain(py, document),
            (Plan::Made(make), document) => make.bind(py).call1((plain(py, document)?,)),
            (Plan::Enum(_), Value::String(value)) => self.text(py, value),
            (Plan::Tuple(of), Value::Array(values)) => {
                let values = each(py, of, values)?;
                Ok(PyTuple::new(py, values)?.into_any())
            }
            (Plan::List(of), Value::Array(values)) => {
                let values = each(py, of, values)?;
                Ok(PyList::new(py, values)?.into_any())
            }
            (Plan::Dataclass(..), Value::Object(document)) => {
                let mut object = Object::new(py, self)?;
                for (key, value) in document {
                    if let Some((place, decoder)) = object.field(key) {
                        object.fill(place, &decoder.value(py, value)?)?;
                    }
                }
                object.finish()
            }
            (Plan::Tagged(tag, cases), document) => {
                let case = document[tag].as_str().and_then(|text| cases.get(text));
                let case = case.ok_or_else(not_of_that_type)?;
                case.get().value(py, document)
            }
            _ => Err(not_of_that_type()),
        }
    }

    /// Makes a value of a text.
    pub(crate) fn text<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        match &self.0 {
            Plan::Enum(members) => match members.get(text) {
                Some(member) => Ok(member.clone_ref(py).into_bound(py)),
                // A value that a newer library knows.
                None => Ok(PyString::new(py, text).into_any()),
            },
            Plan::Made(make) => make.bind(py).call1((text,)),
            Plan::Plain
            | Plan::Tuple(_)
            | Plan::List(_)
            | Plan::Dataclass(..)
            | Plan::Tagged(..) => Ok(PyString::new(py, text).into_any()),
        }
    }

    /// What makes the items of a list or tuple.
    pub(crate) fn item(&self) -> PyResult<&Decoder> {
        match &self.0 {
            Plan::List(of) | Plan::Tuple(of) => Ok(of.get()),
            Plan::Plain
            | Plan::Made(_)
            | Plan::Enum(_)
            | Plan::Dataclass(..)
            | Plan::Tagged(..) => Err(not_of_that_type()),
        }
    }
}

fn not_of_that_type() -> PyErr {
    PyTypeError::new_err("the document is not of that type")
}

/// A dataclass that is being made.
pub(crate) struct Object<'d, 'py> {
    object: Bound<'py, PyAny>,
    fields: &'d [Field],
    filled: Vec<bool>,
    /// Documents have their fields in the order of the class, mostly.
    next: usize,
}

impl<'d, 'py> Object<'d, 'py> {
    /// Makes one without any field.
    pub(crate) fn new(py: Python<'py>, decoder: &'d Decoder) -> PyResult<Self> {
        let Plan::Dataclass(made, fields) = &decoder.0 else {
            return Err(not_of_that_type());
        };
        let made = made.bind(py);
        Ok(Object {
            object: made.call_method1(pyo3::intern!(py, "__new__"), (made,))?,
            fields,
            filled: vec![false; fields.len()],
            next: 0,
        })
    }

    pub(crate) fn py(&self) -> Python<'py> {
        self.object.py()
    }

    /// The place of a field, and what makes its value. None if the class does not know it.
    pub(crate) fn field(&mut self, key: &str) -> Option<(usize, &'d Decoder)> {
        let is = |place: &usize| {
            self.fields
                .get(*place)
                .is_some_and(|field| field.key == key)
        };
        let place = Some(self.next)
            .filter(is)
            .or_else(|| (0..self.fields.len()).find(is))?;
        self.next = place + 1;
        Some((place, self.fields.get(place)?.decoder.get()))
    }

    /// Sets a field.
    pub(crate) fn fill(&mut self, place: usize, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let Some(field) = self.fields.get(place) else {
            return Ok(());
        };
        fill(&self.object, field.name.bind(self.object.py()), value)?;
        if let Some(filled) = self.filled.get_mut(place) {
            *filled = true;
        }
        Ok(())
    }

    /// Sets what is absent, and hands it over.
    pub(crate) fn finish(self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.object.py();
        let absent = self.fields.iter().zip(&self.filled);
        for (field, _) in absent.filter(|(_, filled)| !**filled) {
            let value = match &field.absent {
                Some(absent) => absent.bind(py).call0()?,
                None => py.None().into_bound(py),
            };
            fill(&self.object, field.name.bind(py), &value)?;
        }
        Ok(self.object)
    }
}

fn each<'py>(
    py: Python<'py>,
    of: &Py<Decoder>,
    values: &[Value],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let of = of.get();
    values.iter().map(|value| of.value(py, value)).collect()
}

/// Sets a field of a new object: what `object.__setattr__` does, which a frozen dataclass's own
/// `__init__` uses too.
#[expect(
    unsafe_code,
    reason = "pyo3 has no safe way around a class's own `__setattr__`"
)]
fn fill(
    object: &Bound<'_, PyAny>,
    name: &Bound<'_, PyString>,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    // SAFETY: three live objects of the interpreter that this thread is attached to; nothing is
    // taken over.
    let done = unsafe {
        pyo3::ffi::PyObject_GenericSetAttr(object.as_ptr(), name.as_ptr(), value.as_ptr())
    };
    match done {
        0 => Ok(()),
        _ => Err(PyErr::fetch(object.py())),
    }
}

fn plain<'py>(py: Python<'py>, document: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match document {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Value::Number(number) => self::number(py, number),
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(values) => {
            let values = values.iter().map(|value| plain(py, value));
            PyList::new(py, values.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        Value::Object(map) => {
            let dict = PyDict::new(py);
            for (key, value) in map {
                dict.set_item(key, plain(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

fn number<'py>(py: Python<'py>, number: &Number) -> Bound<'py, PyAny> {
    match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => PyInt::new(py, number).into_any(),
        (None, Some(number)) => PyInt::new(py, number).into_any(),
        (None, None) => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
    }
}

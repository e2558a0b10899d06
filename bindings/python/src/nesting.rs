//! Which operation's callback is running, as a context variable: tasks and `asyncio.to_thread`
//! inherit it, so that an operation that a coroutine calls belongs to it too.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Who calls operations.
#[pyclass(frozen, module = "atk._native")]
pub(crate) struct Caller(pub(crate) atk_core::Caller);

fn variable(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static VARIABLE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = VARIABLE.get_or_try_init(py, || {
        let contextvars = py.import("contextvars")?;
        let variable = contextvars.call_method1("ContextVar", ("atk.caller",))?;
        PyResult::Ok(variable.unbind())
    });
    Ok(made?.bind(py))
}

/// Returns who calls an operation in this context.
pub(crate) fn current(py: Python<'_>) -> PyResult<atk_core::Caller> {
    let current = variable(py)?.call_method1("get", (py.None(),))?;
    match current.cast::<Caller>() {
        Ok(caller) => Ok(caller.get().0.clone()),
        Err(_) => Ok(atk_core::Caller::default()),
    }
}

/// Runs a callback that belongs to an operation.
pub(crate) fn within<T>(
    py: Python<'_>,
    caller: &Py<Caller>,
    call: impl FnOnce() -> PyResult<T>,
) -> PyResult<T> {
    let variable = variable(py)?;
    let token = variable.call_method1("set", (caller,))?;
    let called = call();
    variable.call_method1("reset", (token,))?;
    called
}

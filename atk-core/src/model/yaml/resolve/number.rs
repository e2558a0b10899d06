//! Integers and floats of YAML 1.1.

use super::ScalarKind;
use crate::text::escape;

/// The integer that a text is, if it is one: decimal, `0b`, `0x`, octal with a leading `0`, or to
/// base 60 (`1:30`); underscores anywhere behind the first digit.
///
/// # Errors
/// What looks like an integer but has no digits (`0x_`).
pub(in super::super) fn int(text: &str) -> Result<Option<ScalarKind>, String> {
    let (negative, digits) = signed(text);
    let of_radix = |digits: &str, radix: u32, is_digit: fn(u8) -> bool| {
        let has_form = !digits.is_empty() && digits.bytes().all(|b| b == b'_' || is_digit(b));
        has_form.then(|| whole(digits, radix, negative))
    };
    let value = if let Some(bits) = digits.strip_prefix("0b") {
        of_radix(bits, 2, |b| matches!(b, b'0' | b'1'))
    } else if let Some(hex) = digits.strip_prefix("0x") {
        of_radix(hex, 16, |b| b.is_ascii_hexdigit())
    } else if digits == "0" {
        Some(Ok(Some(0)))
    } else if digits.starts_with('0') {
        of_radix(digits, 8, |b| matches!(b, b'0'..=b'7'))
    } else if digits.starts_with(|c: char| c.is_ascii_digit()) {
        match digits.split_once(':') {
            Some((first, rest)) if is_decimal(first) && rest.split(':').all(is_sixtieth) => {
                Some(Ok(base_60(digits, negative)))
            }
            Some(_) => None,
            None => of_radix(digits, 10, |b| b.is_ascii_digit()),
        }
    } else {
        None
    };
    match value {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(ScalarKind::Int(value))),
        Some(Err(NoDigits)) => Err(format!(
            "`{}` looks like an integer but has no digits; put quotes around it",
            escape(text)
        )),
    }
}

/// The float that a text is, if it is one. It needs a dot, its exponent a sign.
pub(in super::super) fn float(text: &str) -> Option<ScalarKind> {
    let (negative, number) = signed(text);
    let sign = if negative { -1.0 } else { 1.0 };
    let value = match number {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" if number.len() == text.len() => f64::NAN,
        _ => {
            let (whole, fraction) = number.split_once('.')?;
            if whole.is_empty() && (number.len() != text.len() || !is_decimal(digits_of(fraction)))
            {
                return None;
            }
            if whole.contains(':') {
                float_to_base_60(whole, fraction)?
            } else if (whole.is_empty() || is_decimal(whole)) && is_fraction(fraction) {
                number.replace('_', "").parse().ok()?
            } else {
                return None;
            }
        }
    };
    Some(ScalarKind::Float(sign * value))
}

/// An integer's form without a digit in it.
struct NoDigits;

/// Parses digits and underscores; `None` if the number does not fit.
fn whole(digits: &str, radix: u32, negative: bool) -> Result<Option<i64>, NoDigits> {
    let digits = digits.replace('_', "");
    if digits.is_empty() {
        return Err(NoDigits);
    }
    let value = i128::from_str_radix(&digits, radix).ok();
    Ok(value.and_then(|value| i64::try_from(if negative { -value } else { value }).ok()))
}

fn base_60(text: &str, negative: bool) -> Option<i64> {
    let mut value: i64 = 0;
    for part in text.split(':') {
        let digits: i64 = part.replace('_', "").parse().ok()?;
        value = value.checked_mul(60)?.checked_add(digits)?;
    }
    Some(if negative { -value } else { value })
}

fn float_to_base_60(whole: &str, fraction: &str) -> Option<f64> {
    let (first, rest) = whole.split_once(':')?;
    let plain = fraction.bytes().all(|b| b == b'_' || b.is_ascii_digit());
    if !plain || !is_decimal(first) || !rest.split(':').all(is_sixtieth) {
        return None;
    }
    let text = format!("{whole}.{fraction}").replace('_', "");
    // From the last part on, as PyYAML adds them up: the order decides the last bit.
    let (mut value, mut base) = (0.0, 1.0);
    for part in text.rsplit(':') {
        value += part.parse::<f64>().ok()? * base;
        base *= 60.0;
    }
    Some(value)
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A digit, then digits and underscores.
fn is_decimal(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b == b'_' || b.is_ascii_digit())
}

/// A part of a number to base 60, behind the first.
fn is_sixtieth(part: &str) -> bool {
    match part.as_bytes() {
        [ones] => ones.is_ascii_digit(),
        [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
        _ => false,
    }
}

/// Digits and underscores, then perhaps an exponent with its sign.
fn is_fraction(text: &str) -> bool {
    let digits = digits_of(text);
    let exponent = text.get(digits.len()..).unwrap_or_default();
    if exponent.is_empty() {
        return true;
    }
    exponent
        .strip_prefix(['e', 'E'])
        .and_then(|rest| rest.strip_prefix(['-', '+']))
        .is_some_and(|power| !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit()))
}

/// The digits and underscores that a text starts with.
fn digits_of(text: &str) -> &str {
    let end = text
        .find(|c: char| c != '_' && !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

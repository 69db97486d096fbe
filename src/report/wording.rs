//! Numbers, times and names as people read them. Shares and times are computed from integers, digit by digit.

use std::borrow::Cow;

use crate::kernel::time::{Span, Time};

/// A whole number with commas: `180,233`.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A number with commas between the thousands of its whole part: `1,234.5`.
pub fn grouped(number: &str) -> String {
    let whole = number.chars().take_while(char::is_ascii_digit).count();
    let mut text = String::new();
    for (index, c) in number.chars().enumerate() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// A number of things with their name: `1 run`, `30 runs`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A share in per cent with so many decimals, rounded half up; empty of nothing.
pub fn per_cent_fixed(hits: u64, trials: u64, decimals: u32) -> String {
    if trials == 0 {
        return String::new();
    }
    let scale = 10_u128.pow(decimals);
    let scaled =
        (u128::from(hits) * 100 * scale * 2 + u128::from(trials)) / (u128::from(trials) * 2);
    decimal(scaled, decimals)
}

/// A share in per cent with three significant digits; never `0 %` or `100 %` unless it is that exactly.
pub fn share(hits: u64, trials: u64) -> String {
    if trials == 0 {
        return "none".to_owned();
    }
    let (hits_wide, trials_wide) = (u128::from(hits), u128::from(trials));
    let enough = |decimals: &u32| hits_wide * 100 * 10_u128.pow(*decimals) >= 100 * trials_wide;
    let first = (1..12).find(enough).unwrap_or(12);
    let honest = |decimals: &u32| {
        hits == trials || per_cent_fixed(hits, trials, *decimals).parse() != Ok(100.0)
    };
    let decimals = (first..=12).find(honest).unwrap_or(12);
    format!("{} %", trimmed(&per_cent_fixed(hits, trials, decimals)))
}

/// Nanoseconds as milliseconds with three decimals.
pub fn millis(nanos: u64) -> String {
    decimal((u128::from(nanos) + 500) / 1_000, 3)
}

/// Nanoseconds as seconds with three decimals.
pub fn seconds(nanos: u64) -> String {
    decimal((u128::from(nanos) + 500_000) / 1_000_000, 3)
}

/// A length of time for people, with three significant digits below a minute: `36.2 ms`, `5.4 s`, `1m30s`.
pub fn span(nanos: u64) -> String {
    let quantum = match nanos {
        0..1_000 => 1,
        1_000..60_000_000_000 => 10_u64.pow(nanos.ilog10() - 2),
        _ => 1_000_000_000,
    };
    let rounded = nanos.saturating_add(quantum / 2) / quantum * quantum;
    let text = Span::from_nanos(rounded).to_string();
    match rounded {
        0..60_000_000_000 => apart(&text),
        _ => text,
    }
}

/// Puts a space before the unit.
fn apart(text: &str) -> String {
    let unit = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    format!("{} {}", &text[..unit], &text[unit..])
}

/// A moment as a clock without idle decimals: `20:00`, `20:06.3`, `1:20:00`.
pub fn clock(at: Time) -> String {
    trimmed(&at.to_string()).to_owned()
}

/// A fixed-point number as text.
pub fn decimal(scaled: u128, decimals: u32) -> String {
    if decimals == 0 {
        return scaled.to_string();
    }
    let scale = 10_u128.pow(decimals);
    format!(
        "{}.{:0width$}",
        scaled / scale,
        scaled % scale,
        width = decimals as usize
    )
}

/// Without zeros at the end of the fraction.
fn trimmed(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

/// A text without control characters, so that no name can steer a terminal: they are written as `\u{1b}`.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| match c.is_control() {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    Cow::Owned(text.chars().map(escape).collect())
}

/// A text in one line: line breaks and runs of blanks become one blank.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of at most so many characters, the end replaced by an ellipsis.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_keep_three_digits_and_never_round_to_all_or_nothing() {
        assert_eq!(share(412, 180_233), "0.229 %");
        assert_eq!(share(1_204, 22_410), "5.37 %");
        assert_eq!(share(1, 2), "50 %");
        assert_eq!(share(2, 3), "66.7 %");
        assert_eq!(
            (share(0, 5).as_str(), share(5, 5).as_str()),
            ("0 %", "100 %")
        );
        assert_eq!(share(999_999, 1_000_000), "99.9999 %");
        assert_eq!(share(1, 30_000_000), "0.00000333 %");
        assert_eq!(share(0, 0), "none");
        assert_eq!(share(u64::MAX - 1, u64::MAX), "100 %");
    }

    #[test]
    fn numbers_are_grouped_and_times_short() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            ["1234.5", "0.0125", "29062"].map(grouped),
            ["1,234.5", "0.0125", "29,062"]
        );
        assert_eq!(counted(1, "run", "runs"), "1 run");
        assert_eq!(span(36_249_999), "36.2 ms");
        assert_eq!(span(5_400_000_000), "5.4 s");
        assert_eq!(span(90_400_000_000), "1m30s");
        assert_eq!((span(0).as_str(), span(7).as_str()), ("0 s", "7 ns"));
        assert_eq!(clock(Time::from_nanos(1_206_300_000_000)), "20:06.3");
        assert_eq!(clock(Time::from_nanos(1_200_000_000_000)), "20:00");
        assert_eq!(
            (millis(36_215_499).as_str(), seconds(1_500_000_000).as_str()),
            ("36.215", "1.500")
        );
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(harmless("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(one_line(" two\n lines "), "two lines");
        assert_eq!(shortened("a long claim", 7), "a long…");
    }
}
